// What our headers specialise of other libraries, so that Doxygen, which does not read those, knows the names.
namespace fmt {
template <class T>
struct formatter;
}
namespace doctest {
template <class T>
struct StringMaker;
}
namespace Catch {
template <class T>
struct StringMaker;
}

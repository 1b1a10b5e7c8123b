#pragma once
#include <string>

// Each library mints with the secret of the other and checks what the other minted. Only texts pass between them.
#if defined(_WIN32)
#define PARTY_API __declspec(dllexport)
#else
#define PARTY_API
#endif
namespace with_compiled {
PARTY_API std::string mint(const std::string& secret, const std::string& topic);
PARTY_API bool accepts(const std::string& secret, const std::string& token, const std::string& topic);
}  // namespace with_compiled
namespace with_header_only {
PARTY_API std::string mint(const std::string& secret, const std::string& topic);
PARTY_API bool accepts(const std::string& secret, const std::string& token, const std::string& topic);
}  // namespace with_header_only

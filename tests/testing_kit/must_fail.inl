// Checks that fail, by MATCHES(value, matcher); `s` is a test::Situation. failing.py knows what each says.
MATCHES(s.accepted, Allows(cache_write("media", "/movie1/a")));
MATCHES(*s.accepted, Allows(cache_read("media", "/movie2")));
MATCHES(s.accepted, Allows(cache_read("media", "/movie1/a"), s.an_hour_later));
MATCHES(s.refused, Allows(cache_read("media", "/movie1/a")));
MATCHES(s.scope, Allows(topic_publish("chat")));

MATCHES(s.accepted, Denies(cache_read("media", "/movie1/a")));
MATCHES(s.refused, Denies(cache_read("media", "/movie1/a")));

MATCHES(s.minted, ExpiresIn(30min));
MATCHES(*s.accepted, ExpiresIn(1h, s.a_minute_later));

MATCHES(s.accepted, RefusedAs(Errc::expired));
MATCHES(s.refused, RefusedAs(Errc::revoked));
MATCHES(s.for_another, RefusedAs(Errc::not_accepted, "iss"));

// Checks that hold, by MATCHES(value, matcher); `s` is a test::Situation.
MATCHES(s.accepted, Allows(cache_read("media", "/movie1/a")));
MATCHES(*s.accepted, Allows(cache_read("media", "/movie1/a")));
MATCHES(s.scope, Allows(cache_read("media", "/movie1/a")));
MATCHES(s.accepted, Allows(cache_read("media", "/movie1/a"), s.clock));

MATCHES(s.accepted, Denies(cache_read("media", "/movie2")));
MATCHES(*s.accepted, Denies(cache_write("media", "/movie1/a")));
MATCHES(s.scope, Denies(topic_publish("chat")));
MATCHES(s.accepted, Denies(cache_read("media", "/movie1/a"), s.an_hour_later));

MATCHES(s.minted, ExpiresIn(1h));
MATCHES(*s.minted, ExpiresIn(60min));
MATCHES(s.accepted, ExpiresIn(1h));
MATCHES(*s.accepted, ExpiresIn(59min, s.a_minute_later));

MATCHES(s.refused, RefusedAs(Errc::expired));
MATCHES(s.refused.error(), RefusedAs(Errc::expired));
MATCHES(s.for_another, RefusedAs(Errc::not_accepted));
MATCHES(s.for_another, RefusedAs(Errc::not_accepted, "aud"));
for (const auto& bad : momento_token::testing::bad_tokens(s.setup)) {
  MATCHES(s.verify(bad.token), RefusedAs(bad.refused_as, std::string(bad.field)));
}

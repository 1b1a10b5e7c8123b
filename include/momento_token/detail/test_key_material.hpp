#pragma once
// The published keys of testing/published_keys.hpp, made with Python's cryptography 48. PUBLIC: never in production.

#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing::detail {

struct TestKeyMaterial {
  std::string_view jwk_members;        // without alg, kid and use
  std::string_view other_jwk_members;  // of a second key
  std::string_view public_pem;         // SPKI
  std::string_view public_pem_sha256;  // base64url; what HMAC makes of a secret that is longer than its block
};

/// HMAC secrets: texts of 64 letters that say what they are to whoever looks into a binary.
inline constexpr std::string_view hmac_secret = "First test key of momento_token: PUBLIC, never use in production";
inline constexpr std::string_view other_hmac_secret =
    "Other test key of momento_token: PUBLIC, never use in production";

inline constexpr TestKeyMaterial p256 = {
    .jwk_members =
        R"("kty":"EC","crv":"P-256","x":"9HJfdADJj17wNg9VkaD4-cbJ-GKXTGm29G6hC0X0CLA",)"
        R"("y":"lZ284xTgdCyNCuIzbTl0_Ggl72CqhRigCrljwP_YZ1c","d":"MbiTslThkHlDtpjcp80rqPX3xZ9CyXDDCUXga4nNj0w")",
    .other_jwk_members =
        R"("kty":"EC","crv":"P-256","x":"aP4Kqml8P3sTYr_9Kg6lmchTr3CH55xb04HLMaHxOZM",)"
        R"("y":"EQIwBtybBLmm7g040bRWYuOKGSBZIlC9P6td-dM7_zc","d":"hbWi3w-C4jh3qPzeQspfdToIgU9UPZNMz7v2hefX1GY")",
    .public_pem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9HJfdADJj17wNg9VkaD4+cbJ+GKX
TGm29G6hC0X0CLCVnbzjFOB0LI0K4jNtOXT8aCXvYKqFGKAKuWPA/9hnVw==
-----END PUBLIC KEY-----
)",
    .public_pem_sha256 = "EE3U6310hUzenTGuLDiOLb0nw82LvGOYgEVm6d2WxUI"};

inline constexpr TestKeyMaterial p384 = {
    .jwk_members = R"("kty":"EC","crv":"P-384","x":"hSkZQ_3hbtcRdRAwKB0uolsUnmoLTsGOQSxTgXdHV8B_JV4Xm-S9PbbvNl6WbjBZ",)"
                   R"("y":"JqNMLPojpTL8z6Y444_6DhmsTXtmPJwqAUoPnDk_Ljv1f55uiKOYdyTgtky-6P8X",)"
                   R"("d":"j-2dosCuMJ4XQR7Bkmx0w9XQ9PdzDcUlEwiTtKnh2MNkMGAIT8TtPRECRSxELLH9")",
    .other_jwk_members =
        R"("kty":"EC","crv":"P-384","x":"NN5T56tgaU8xCXtKM02c4brC-jb-53tcOg0zHmMNTyITTG9jeMKApyLRVwZV7X-H",)"
        R"("y":"-xXwjTJo091tbeGgJ9F1sORMqgeaqUd293otsQJ5-UL3Tht34e_CTb6OwuBGwDpJ",)"
        R"("d":"EzVLebkHZEWZrzCEWbduMgC5l8qeBHB5Wp3xnjGX4Y5b_XqY9hus6DXaFOmqftYp")",
    .public_pem = R"(-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEhSkZQ/3hbtcRdRAwKB0uolsUnmoLTsGO
QSxTgXdHV8B/JV4Xm+S9PbbvNl6WbjBZJqNMLPojpTL8z6Y444/6DhmsTXtmPJwq
AUoPnDk/Ljv1f55uiKOYdyTgtky+6P8X
-----END PUBLIC KEY-----
)",
    .public_pem_sha256 = "-7XGEAZ9kdXIF8CqzcS7XuFlV0Q3i0twqCg3r7oL0dw"};

inline constexpr TestKeyMaterial p521 = {
    .jwk_members = R"("kty":"EC","crv":"P-521",)"
                   R"("x":"AY6A1xMt9J0ttd05ng7vJx9CPx2RELuJKROg0P0XlYE3R6Xx8dUfaGEMLg-NXSNtOpJIPEkwJ5WaxvKU0woicBfS",)"
                   R"("y":"AboeOaF9A_SmKv_YuYj1fMSBCvkpSdfnetY_YVJLNd5jBimxj0hYD_89gav6GTlJ9qpArphYx7yrX-9FOe852MP5",)"
                   R"("d":"AUeJUly_3poh0WWf7RBuNXm7PShKiZfbc7RZlTFpDmyKiSWk1a0knzyJYfiDyEPxOEQIqsUFrivwmlkZmxnCNNKr")",
    .other_jwk_members =
        R"("kty":"EC","crv":"P-521",)"
        R"("x":"Af7u4Q8wRqT2-5zrzt5cj2QNJCM93P652S4fR4EYFcWQ5mtmeWX90S9Z2t2cr5-GKMtq2y08vjvA0TLxM4AGGsmX",)"
        R"("y":"AERMOHF42fE2o4YjISSMAOs5GI85Ca0hhh72pyFdt45eqHgY28gklkZ2DyD9PdxsqtPI_CgRC6M2N8HmM0PD_eAG",)"
        R"("d":"AQa1cLtMjev1XdKpMhRynfWc79xJOxkMADdvE06yDnI-DZCC1OnBwA2r305-KYTWYAE0qgN4QMlfPLje13MvaCyH")",
    .public_pem = R"(-----BEGIN PUBLIC KEY-----
MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBjoDXEy30nS213TmeDu8nH0I/HZEQ
u4kpE6DQ/ReVgTdHpfHx1R9oYQwuD41dI206kkg8STAnlZrG8pTTCiJwF9IBuh45
oX0D9KYq/9i5iPV8xIEK+SlJ1+d61j9hUks13mMGKbGPSFgP/z2Bq/oZOUn2qkCu
mFjHvKtf70U57znYw/k=
-----END PUBLIC KEY-----
)",
    .public_pem_sha256 = "1aTDcKuAYn_-arD4FKhCJXx_0uS5ukoXtZJrzt7Wm4c"};

inline constexpr TestKeyMaterial rsa2048 = {
    .jwk_members =
        R"("kty":"RSA",)"
        R"("n":"sLK-PydqEiUlwdzhL77cEOOqMc1Q5cTMQNnC07TPWV1J2h8Df5R1Wp62JdhVzQ_HfgBlz3pwXzCSVVt74fj_lJPFmWatUzX)"
        R"(skxvzRd73cT-UDZEjTW4VuHHCus79PXb0mG_o7zWnS65HRMlLw5uuyRawWzuCjod22css5iXzNyxhsOcmbve-NFGmCk4wG4pQm4r)"
        R"(dIiA-mV0EMATFOPphvvq_WPvVhbsG7oDfsWDQuz5346oaU7C8UROESaapzQsVdGcfU-lT_lkFSWQDujiYC1-SKnjeluBWM4eCB5z)"
        R"(xh3ROwB_HK6f2FNu4ZVA-0A0JuOqgXjdVrc1khx1eooPYXQ","e":"AQAB",)"
        R"("d":"BVhJMolzelXVU1l_4xakexfn4taRekgxq-SD_pNn-Kc-jKW56ioIQrpHGDrEnadUiXzJl5t3urYyNvkr2vIFPFSCYNmFdKo)"
        R"(bT3fdxZQXaz2MS1ZdX88GQsYHwrU89v1m-K8QUYWpKDwYiJdUmCryM1lhJeFVWapcIspnWUh2MVabC-8wv149j353hrOhwdDuyTV)"
        R"(KEzXqrvBSP5gnhZM_RN06Z0nAflqlJNpeEFzDsSCf9sZhxLJdP-L1ZiFrzeGFvmcKyFpC8fFapINLNAL_wUUUs88MtLNzFpwXKcd)"
        R"(Db5FpAuvZQwwmck4cyx0mQeVz4UeLluM0glLfWLCz6UvyAQ",)"
        R"("p":"4zi-SfWIg0kAmw7peTCZb_d-6QNN2v6SY6as_SMg3paJ3JfVcjHX74p14Drbsqldx7161-UHe8dRWeAC0MQPETAlPy9kWsj)"
        R"(ywSsSuF1acY6eAlZ9E9ukZ-EzXSr7gVHKUeHdw3_NpMvsVF4gUWfh-nGLFLcy0EJvVc5qlo3kF5E",)"
        R"("q":"xxPeFKdvNqqJyGdA6QrTdb_TviDjmo7VN8q8ubVqI6-bwBRLMbnB_nRtzEhJFn2Wk-uDE4usg2X8k3DRQrUHiE4tRG5AKDA)"
        R"(Xkn7ePqRiGzEhEx9T85IY1ULwOMQKI-lqeywlKt1ctRMJ9Eu9fYsFVD8UU9x7GDsZPpwtvrstRg0",)"
        R"("dp":"aA3INp5WUajQujFuAa2b1oaEe7ijorIJ39CoT5QSrVxK7dYqTQ0-UdgaewD5MywUYjAHXW7oqmpwerP3FhtyuvBNXk4Zqu)"
        R"(lzIbrT69H0ZSRmf7OTu9BNzbR3jSbt3h7ShATnRWv1hI5OP6SLMDxeZA4zHt12S6Dg026fqSp5VcE",)"
        R"("dq":"Lu52GnRmeYK2vLHq0YWl2EqCxn3GandluKNo3nbwML2DgELIf06Fd1FHWTNpV43_45tP6VmyL7_pTXD5RDqdLfsQHOPI6D)"
        R"(B-PiD-j9H89uAcJf_qsK8uf4gqTZeZtGGgoq0Djhllc6KrZBY-88vEU9oTFroRouK7ztDOz_occDk",)"
        R"("qi":"DISMzh9CqaNTi1z1duuAH9ATA1_bA4NtvsD2vPXtmbR_5WGHya8BlWDsEuR8CQPynai7Fqelm8d5BrXSd_eQxoxEW5UF0S)"
        R"(AGgsmSPmozxuVLAd-7kRIjJ1igUTihQ_HgdL80_QYtm9ANA8o1IbicM6cYgtWqFV3djc_B-y3Z_h4")",
    .other_jwk_members =
        R"("kty":"RSA",)"
        R"("n":"pK6IejSrkRveBvT1gVpXVBdaGj5-p1Pku0j3ewSjeXFSWVI2Z3eREdNXqrKZT0AYhhLktkumymwLP9cW5rfoXpTBMVQhyPV)"
        R"(MI29-KePgaqR1xCqoq8rgMl7iVhPoiXrT3CMeGoZZajtqAvxJmfMKfudpxmbtfgwm3ubsnTzwpwViHkjtl4Rf8gFSRWil_EDIJTd)"
        R"(9knrbvNu5VcPVoLkl1fV16yDC-PCVdlGy77DPaQiZsMTUM3UAhSwSFBEcTcXJ9MA8ZWhpVgHFDPXuP7wlMhimG_Ck3qMNDl1JbjU)"
        R"(iGDSpE_kPo17YGvqAPQO3RduIhg5XfSIBdn_mK_Q5d9RLbQ","e":"AQAB",)"
        R"("d":"BDK5ooyzYpLrl8RorWaaFLgDR7Yxiit4O8We6-E3StiQNfW234le4EdbR0WfseabTKOwdlM6yizZ8Cn-cl0PplJnE5smjbx)"
        R"(vHfVXXOyeialt1SJI3X3hz3bqw_3-IhV7z1m-O55FxKo4e1Rm8SIO5PBNgOcz0h0WMP2BdhRNIDzXUdT4vkDXdMCRJQlcnxd2bYu)"
        R"(gQVVZiPi5zaf1HIMn1uMDjrPVnGcE0llHnl_9suflDSKiEWnZu1XVrGbStiC_VxedxAk0yYCYbyY9RkuhzYzBFxYmWYsGA_WV1Bj)"
        R"(3UDijwijhQFZXJBH4nWl-ZWvHOwkyRkVrIdXhDINFYYg1wQ",)"
        R"("p":"1ILlf5YXA4JZd1FW6vod0NwS5ldFOQ0IUtL9zsjTC5cxMY-wXEUUw8-hfLc3FvFMEyyTBGLVabcNyhnAMeg7ct9DKZfKS8R)"
        R"(HMS3lHQINBRImniv2iODZJtzZYi76MLJ8hytPIPqGF9pHlC2gCmf36oPwQvg8tYMimDgHqmm_G40",)"
        R"("q":"xmHtxNJH6RIi6gPpg6ddtgYwV-R_EVh9u9y9ivZR5C3vFnpU0WAFvR-V_9DcRCrQ_PU78JF1oMRooGqGvjZ9cXLXq0IbVLM)"
        R"(mmT4p7Y1ogJ2xHfM__douq0eIv0mW4PkeHA46zwu2H-GmJSP7Zsr0NDtj83j5vKhjQI_U6p_SB2E",)"
        R"("dp":"coNSjczf-9kawqwHDTnYJTrhyFOQjqySJqdhczNOXjmLnaxTGXV0OgvBdkX4HpnKJ67mTf_ABmZIvPXhVkNQ_ZaHR3tu3C)"
        R"(MZRcv4YQhA4dGlE6iXAa0_9qwdS8YKtYEIj4Hr8tZsuZ-64IMxcUoTEsEkD8JaXGkclC_lGZRAEeU",)"
        R"("dq":"GMd-pYkGhmxHhCd88X7kS6o2O6RE4uvEuMR3wHXIANJj_NDG62gtD1R0rgFuoe0fMZmIJSJmKPCfiPoFXpj7zkHkAnY9Z7)"
        R"(UA6z9CiXOSTA5mYzFRGuo3zhkfUZVljTBQvHxiiB4UX6MV16nI6ywKmMOaVn0T5Ka7zwKoO64-08E",)"
        R"("qi":"wuWnZ1J7JJcflPTP-2adn_yslC2GhYErTHtNMXQHWNDfSciz_Syz1WUlZ10FLHRBROeH-ChPlJfVEgCuKPh_uXPb-YxY-6)"
        R"(13PB8OVnDoAgwGMmm0bIGR_cU3apmgpNZ13-ATsCFzHEdqBaa-wBDwU8wmXZr3BSbVY-pvbaUtg60")",
    .public_pem = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsLK+PydqEiUlwdzhL77c
EOOqMc1Q5cTMQNnC07TPWV1J2h8Df5R1Wp62JdhVzQ/HfgBlz3pwXzCSVVt74fj/
lJPFmWatUzXskxvzRd73cT+UDZEjTW4VuHHCus79PXb0mG/o7zWnS65HRMlLw5uu
yRawWzuCjod22css5iXzNyxhsOcmbve+NFGmCk4wG4pQm4rdIiA+mV0EMATFOPph
vvq/WPvVhbsG7oDfsWDQuz5346oaU7C8UROESaapzQsVdGcfU+lT/lkFSWQDujiY
C1+SKnjeluBWM4eCB5zxh3ROwB/HK6f2FNu4ZVA+0A0JuOqgXjdVrc1khx1eooPY
XQIDAQAB
-----END PUBLIC KEY-----
)",
    .public_pem_sha256 = "t3aD6bu3iay7pnvbpxruI0DodQBYOs9dCcjKuAkTrYI"};

inline constexpr TestKeyMaterial ed25519 = {
    .jwk_members = R"("kty":"OKP","crv":"Ed25519","x":"tEmTdd74RcI8-v_ajJqm-Ji62_l-FEcvQj6DUscu4vs",)"
                   R"("d":"TqsQHBAN9mcZ7C3j9kBJYV_9An1BjOgljFdJIcW3k8M")",
    .other_jwk_members = R"("kty":"OKP","crv":"Ed25519","x":"M1MwBzDcI0jPTzGqwZYidxuc9ZnzGvv2ZItWBj-aVkM",)"
                         R"("d":"GFUgf_cKZ6ne9AB30dre44dg-F2f0w6upEyWmTVDw84")",
    .public_pem = R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAtEmTdd74RcI8+v/ajJqm+Ji62/l+FEcvQj6DUscu4vs=
-----END PUBLIC KEY-----
)",
    .public_pem_sha256 = "abR-0zkfsFZfJdYoxjI0RzqRC36eZaB_UsZoDviL1xw"};

}  // namespace testing::detail
MOMENTO_TOKEN_END_NAMESPACE

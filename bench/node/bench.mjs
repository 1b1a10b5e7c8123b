// Node's `jose` and `fast-jwt` with the claims of the usual tokens, 4096 of them and never one repeated in a round. Prints JSON:
// [{"name", "ns"}…], the median CPU time of 7 rounds that take turns.
import * as jose from 'jose';
import {createSigner, createVerifier} from 'fast-jwt';

const secret = Buffer.from(Array.from({length: 32}, (_, i) => i));
const count = 4096;
const digits = (i) => String((i * 7919) % 1000000).padStart(6, '0');
const iat = 1893456000;
const claims = Array.from({length: count}, (_, i) => ({
  ver: 1,
  p: Buffer.from(`live-tv-${digits(i)}room-${digits(i + 1)}-chatrooms`.padEnd(51, 'x')).toString('base64url'),
  iat,
  exp: iat + 3600,
  jti: `jti-of-22-letters-${1000 + i}`,
  tid: `user-${digits(i)}@`.padEnd(46, 'x'),
}));
const now = new Date((iat + 60) * 1000);

const header = {alg: 'HS256', typ: 'JWT', kid: 'k'};
const fastSign = createSigner({key: secret, algorithm: 'HS256', kid: 'k', noTimestamp: true});
const fastVerify = createVerifier({key: secret, algorithms: ['HS256'], clockTimestamp: now.getTime(), cache: false});
const joseSign = (c) => new jose.SignJWT(c).setProtectedHeader(header).sign(secret);
const tokens = claims.map((c) => fastSign(c));

const rows = {
  'node-jose/mint': (i) => joseSign(claims[i]),
  'node-jose/verify': (i) => jose.jwtVerify(tokens[i], secret, {algorithms: ['HS256'], currentDate: now}),
  'fast-jwt/mint': (i) => fastSign(claims[i]),
  'fast-jwt/verify': (i) => fastVerify(tokens[i]),
};

const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
for (let round = 0; round < 8; ++round) {
  for (const [name, work] of Object.entries(rows)) {
    const before = process.cpuUsage();
    for (let i = 0; i < count; ++i) await work(i);
    const used = process.cpuUsage(before);
    if (round > 0) times[name].push(((used.user + used.system) * 1000) / count); // the first round compiles
  }
}
const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
console.log(JSON.stringify(Object.entries(times).map(([name, all]) => ({name, ns: median(all)}))));

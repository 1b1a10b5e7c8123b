// Node's `jose` and `fast-jwt` with the tokens of `momento_token_bench --tokens`, in the file that is named: 4096 of them and never
// one repeated in a round. Prints JSON: [{"name", "ns"}…], the median CPU time of 7 rounds that take turns.
import {readFileSync} from 'node:fs';
import * as jose from 'jose';
import {createSigner, createVerifier} from 'fast-jwt';

const secret = Buffer.from(Array.from({length: 32}, (_, i) => i));
const tokens = readFileSync(process.argv[2], 'utf8').trim().split('\n');
const count = tokens.length;
const claims = tokens.map((token) => jose.decodeJwt(token));
const now = new Date((claims[0].iat + 60) * 1000);

const header = {alg: 'HS256', typ: 'JWT', kid: 'k'};
const fastSign = createSigner({key: secret, algorithm: 'HS256', kid: 'k', noTimestamp: true});
const fastVerify = createVerifier({key: secret, algorithms: ['HS256'], clockTimestamp: now.getTime(), cache: false});
const joseSign = (c) => new jose.SignJWT(c).setProtectedHeader(header).sign(secret);

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

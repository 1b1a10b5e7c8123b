// What `momento-token serve` does, on Node's http server with jose: serve_node.mjs PORT CREDENTIAL
import {createHash, randomBytes, timingSafeEqual} from 'node:crypto';
import {createServer} from 'node:http';
import {SignJWT} from 'jose';

const [port, credential] = process.argv.slice(2);
const digest = text => createHash('sha256').update(text).digest();
const wanted = digest(credential);
const key = randomBytes(32);
// permissionmessages.proto: publish and subscribe, topic room-7 of the cache chat.
const scope = 'EhgKFhIUCAEaBgoEY2hhdCoICgZyb29tLTc';

async function vend(body) {
  if (Object.keys(JSON.parse(body || '{}')).length > 0) return [400, {code: 'invalid_request'}];
  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ver: 1, p: scope, tid: 'bootstrap'})
    .setProtectedHeader({alg: 'HS256', typ: 'JWT', kid: 'bench'})
    .setIssuedAt(now)
    .setExpirationTime(now + 900)
    .setJti(randomBytes(16).toString('base64url'))
    .sign(key);
  return [200, {api_key: token, endpoint: 'localhost', valid_until: now + 900}];
}

createServer((request, response) => {
  const pieces = [];
  request.on('data', piece => pieces.push(piece));
  request.on('end', async () => {
    const known = timingSafeEqual(digest(request.headers.authorization ?? ''), wanted);
    const [status, answer] = known ? await vend(Buffer.concat(pieces).toString()) : [401, {code: 'invalid_token'}];
    response.writeHead(status, {'content-type': 'application/json', 'cache-control': 'no-store'});
    response.end(JSON.stringify(answer));
  });
}).listen(Number(port), '127.0.0.1');

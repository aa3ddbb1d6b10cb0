import assert from 'node:assert/strict';
import { withoutSecrets } from '../../../src/cluster/secrets/secrets';

/** A text with a secret, and the text that may be shown. */
const forms: readonly (readonly [string, string])[] = [
  ['Authorization: Bearer abc.def, next', 'Authorization: Bearer (left out), next'],
  ['Authorization: Basic dTpw', 'Authorization: Basic (left out)'],
  ['{"authorization":"Bearer abc def"}', '{"authorization":"Bearer (left out)"}'],
  ['{"token":"x y z","a":1}', '{"token":"(left out)","a":1}'],
  ['{\\"token\\":\\"x\\",\\"a\\":1}', '{\\"token\\":\\"(left out)\\",\\"a\\":1}'],
  ["token: 'it is'", "token: '(left out)'"],
  ['password="a \\" b" rest', 'password="(left out)" rest'],
  ['client_secret=abc&grant_type=x', 'client_secret=(left out)&grant_type=x'],
  ['"client-key-data": "LS0t"', '"client-key-data": "(left out)"'],
  ['aws_secret_access_key = AKIA/x+y=', 'aws_secret_access_key = (left out)'],
  ['AWS_SESSION_TOKEN=abc', 'AWS_SESSION_TOKEN=(left out)'],
  ['x-api-key: abc', 'x-api-key: (left out)'],
  ['kubectl --token abc get pods', 'kubectl --token (left out) get pods'],
  ['kubectl --token=abc get pods', 'kubectl --token=(left out) get pods'],
  ["login --password 'a b' --user u", "login --password '(left out)' --user u"],
  ['Cookie: a=1; b=2', 'Cookie: (left out)'],
  ['Set-Cookie: a=1; Path=/\nnext', 'Set-Cookie: (left out)\nnext'],
  ['GET /cb?code=4/0Ab&state=1', 'GET /cb?code=(left out)&state=1'],
  ['GET /blob?sv=1&sig=ab%2F', 'GET /blob?sv=1&sig=(left out)'],
  ['https://u:p@w@host:6443/x', 'https://(left out)@host:6443/x'],
  ['redis://:pw@host', 'redis://(left out)@host'],
  ['got eyJhbGciOi.eyJzdWIi.s-i_g today', 'got (left out) today'],
  [
    'a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb',
    'a\nPEM (left out)\nb',
  ],
  ['-----BEGIN PRIVATE KEY-----\ncut', 'PEM (left out)'],
];

const secret = 'SeKrEt123abcXYZ';

/** Forms of real texts; the secret may not be left, whatever else is. */
const realForms: readonly string[] = [
  ...[
    'https://user:#@host',
    'postgres://app:#@db:5432/x',
    'mongodb+srv://a:#@c',
    'user:#@proxy:3128',
  ],
  ...['Authorization: token #', 'Authorization: ApiKey #', 'map[Authorization:[Bearer #]]'],
  'Proxy-Authorization: Digest username="u", response="#"',
  'Authorization: AWS4-HMAC-SHA256 Credential=AKIA/2020, SignedHeaders=host, Signature=#',
  ...['X-Auth-Token: #', 'X-Vault-Token: #', 'PRIVATE-TOKEN: #', '{"Authorization":["Bearer #"]}'],
  ...['?X-Amz-Signature=#', 'x=1&access_token=#', '?key=#', '?api_key=#', 'refresh_token: #'],
  ...[
    '"id-token": "#"',
    'client-key-data: #',
    'pwd=#',
    'MYSQL_PWD=#',
    'PGPASSWORD=#',
    '--password #',
  ],
  ...[
    "--client-secret '# b'",
    '"clientSecret":"#"',
    'secretAccessKey: #',
    'apiKey=#',
    'accountKey=#',
  ],
  ...[
    'AccountKey=#;EndpointSuffix=core',
    'SharedAccessKey=#',
    'encryption-key: #',
    '"secret":["#"]',
  ],
  ...[
    'set-cookie=["a=#"]',
    '{"cookie":"a=#"}',
    'session=#',
    'JSESSIONID=#',
    'connect.sid=#',
    'otp=#',
  ],
  ...['token "#" is invalid', 'invalid bearer token #', 'token # expired', 'password is #'],
  ...['dockerconfigjson: #', '"auth":"#"', '{"auths":{"r":{"auth":"#"}}}', 'pass:#', '"pass": "#"'],
  ...['\\\\\\"password\\\\\\":\\\\\\"#\\\\\\"', '%22token%22%3A%22#%22', 'password%3D#'],
  ...['<password>#</password>', 'password => #'],
  'kubectl.kubernetes.io/last-applied-configuration: {"metadata":{"annotations":{"token":"#"}}}',
].map((form) => form.replaceAll('#', secret));

/** Tokens that no name announces. */
const tokens: readonly string[] = [
  'AKIAIOSFODNN7EXAMPLE',
  'ghp_0123456789abcdefghijABCDEFGHIJ012345',
  'glpat-0123456789abcdefghij',
  'xoxb-123456789012-abcdefGHIJKL',
  'sk_live_0123456789abcdefghijklmn',
  'AIzaSyA-0123456789abcdefghijklmnopqrstu',
  'ya29.a0AfH6SMBx-0123456789',
  'npm_0123456789abcdefghijABCDEFGHIJ0123',
  'hvs.CAESIJ0123456789abcdef',
  'k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1h',
  'abcdef.0123456789abcdef',
];

/** What an operator needs and no secret is in. */
const harmless: readonly string[] = [
  'the token has expired, and there is no refresh-token. Log in again',
  'command terminated with exit code 1',
  'exit code: 1, reason: BadKey',
  'https://10.0.0.1:6443/api/v1/nodes?limit=500',
  'no secret in namespace default',
  'mail to root@example.org or see http://host/a@b',
  'registry.k8s.io/kube-proxy:v1.36.2@sha256:0123456789abcdef0123456789abcdef',
  '10: eth0@if11: <UP> inet6 fe80::1/64',
  'auth: no plugin; session affinity: ClientIP; pass: 3',
  'secrets "web-tls-2024abc" not found',
  '-A KUBE-SVC-ERIFXISQEP7F7OF4 -j KUBE-SEP-6E7XQMQ4RAYOWTTM',
];

suite('secrets', () => {
  for (const [text, shown] of forms) {
    test(`are left out: ${text.slice(0, 50)}`, () => assert.equal(withoutSecrets(text), shown));
  }

  for (const form of realForms) {
    test(`are not left: ${form.slice(0, 60)}`, () => {
      assert.ok(!withoutSecrets(form).includes(secret), withoutSecrets(form));
    });
  }

  test('tokens that no name announces', () => {
    for (const token of tokens)
      assert.equal(withoutSecrets(`got ${token}, then`), 'got (left out), then');
  });

  for (const text of harmless) {
    test(`are not in: ${text}`, () => assert.equal(withoutSecrets(text), text));
  }

  test('what is left out once stays as it is', () => {
    for (const [, shown] of forms) assert.equal(withoutSecrets(shown), shown);
  });

  test('a megabyte of signs is read', () => {
    for (const unit of ['token:', 'eyJ.', '://', '--token ', 'token=\\"', '-----BEGIN ']) {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      assert.ok(withoutSecrets(text).length > 0);
    }
  });
});

import assert from 'node:assert/strict';
import { withoutSecrets } from '../../src/cluster/secrets';

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

/** What an operator needs and no secret is in. */
const harmless: readonly string[] = [
  'the token has expired, and there is no refresh-token. Log in again',
  'command terminated with exit code 1',
  'exit code: 1, reason: BadKey',
  'https://10.0.0.1:6443/api/v1/nodes?limit=500',
  'no secret in namespace default',
  'mail to root@example.org or see http://host/a@b',
];

suite('secrets', () => {
  for (const [text, shown] of forms) {
    test(`are left out: ${text.slice(0, 50)}`, () => assert.equal(withoutSecrets(text), shown));
  }

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

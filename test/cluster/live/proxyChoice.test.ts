import assert from 'node:assert/strict';
import { environmentProxy, proxyFor } from '../../../src/cluster/live/proxy';

suite('the proxy by the environment, as Go chooses it for kubectl', () => {
  const proxy = 'http://proxy:3128';
  const of = (server: string, env: NodeJS.ProcessEnv) => environmentProxy(server, env);

  const cases: [string, string, NodeJS.ProcessEnv, string | undefined][] = [
    [
      'of the server’s scheme',
      'https://api:6443',
      { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other' },
      proxy,
    ],
    [
      'the other one',
      'http://api:8080',
      { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other' },
      'http://other',
    ],
    ['in small letters', 'https://api:6443', { https_proxy: proxy }, proxy],
    [
      'with user and password',
      'https://api:6443',
      { https_proxy: 'socks5://me:pw@proxy:1080' },
      'socks5://me:pw@proxy:1080',
    ],
    [
      'but for NO_PROXY in small letters',
      'https://api:6443',
      { HTTPS_PROXY: proxy, no_proxy: 'x, *' },
      undefined,
    ],
    ['none', 'https://api:6443', { HTTP_PROXY: proxy }, undefined],
    ['without a scheme', 'https://api:6443', { HTTPS_PROXY: 'proxy:3128' }, proxy],
    // parseProxy of golang.org/x/net puts http:// before what is no URL with a scheme.
    [
      'a password with a scheme in it',
      'https://api:6443',
      { HTTPS_PROXY: 'me:a://b@proxy:3128' },
      'http://me:a://b@proxy:3128',
    ],
  ];
  for (const [name, server, env, expected] of cases) {
    test(name, () => assert.equal(of(server, env), expected));
  }

  // httpproxy.Config.useProxy
  const excluded: [string, string, boolean][] = [
    ['https://localhost:6443', '', true],
    ['https://127.0.0.1:6443', '', true],
    ['https://127.9.9.9:6443', '', true],
    ['https://[::1]:6443', '', true],
    // A name is no loopback address, whatever it begins with.
    ['https://127.0.0.1.nip.io:6443', '', false],
    ['https://api.corp.example:6443', '*', true],
    ['https://api.corp.example:6443', 'corp.example', true],
    ['https://corp.example:6443', 'corp.example', true],
    ['https://mycorp.example:6443', 'corp.example', false],
    ['https://api.corp.example:6443', '.corp.example', true],
    ['https://corp.example:6443', '.corp.example', false],
    ['https://api.corp.example:6443', '*.corp.example', true],
    ['https://corp.example:6443', '*.corp.example', false],
    ['https://api.corp.example:6443', 'x*.corp.example', false],
    ['https://API.corp.example:6443', 'other, Corp.Example', true],
    ['https://api.corp.example:6443', 'corp.example:6443', true],
    ['https://api.corp.example:6443', 'corp.example:443', false],
    ['https://api.corp.example', 'corp.example:443', true],
    ['http://api.corp.example', 'corp.example:80', true],
    ['https://10.1.2.3:6443', '10.0.0.0/8', true],
    ['https://11.1.2.3:6443', '10.0.0.0/8', false],
    ['https://10.1.2.3:6443', '10.1.2.3', true],
    ['https://10.1.2.3:6443', '10.1.2.3:443', false],
    ['https://10.1.2.33:6443', '10.1.2.3', false],
    ['https://10.1.2.3:6443', '2.3', false],
    ['https://api.corp.example:6443', '10.0.0.0/8', false],
    ['https://api.corp.example:6443', '10.1.2.3', false],
    ['https://[fd00::1]:6443', 'fd00::/8', true],
    ['https://[fd00::1]:6443', 'fd00:0::1', true],
    ['https://[fd00::1]:6443', '[fd00::1]:6443', true],
    ['https://[fd00::1]:6443', '[fd00::1]:443', false],
    ['https://api.corp.example:6443', ',,', false],
    ['https://192.0.2.7:6443', '10.0.0.0/8, .corp.example,host:6443, 192.0.2.7', true],
    ['https://sub.host:6443', 'host:6443', true],
  ];
  for (const [server, NO_PROXY, direct] of excluded) {
    test(`${server} with NO_PROXY=${NO_PROXY}`, () => {
      assert.equal(
        of(server, { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY }),
        direct ? undefined : proxy,
      );
    });
  }

  test('the kubeconfig’s goes first; a SOCKS proxy resolves names; another scheme is refused', () => {
    const env = { HTTPS_PROXY: proxy };
    assert.equal(proxyFor('https://api', 'https://own:1', env), 'https://own:1');
    assert.equal(proxyFor('https://api', '', env), proxy);
    assert.equal(proxyFor('https://api', undefined, {}), undefined);
    assert.equal(proxyFor('https://api', 'SOCKS5://own:1', env), 'socks5h://own:1');
    assert.equal(proxyFor('https://api', 'socks5h://own:1', env), 'socks5h://own:1');
    assert.throws(() => proxyFor('https://api', 'ftp://own:1', env), /proxy-url must begin with/);
    assert.throws(
      () => proxyFor('https://api', undefined, { HTTPS_PROXY: 'ftp://x:1' }),
      /of the environment must begin with/,
    );
  });
});

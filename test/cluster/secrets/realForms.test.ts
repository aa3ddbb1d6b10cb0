import assert from 'node:assert/strict';
import { beginningWithoutSecrets, withoutSecrets } from '../../../src/cluster/secrets/secrets';
import { chosen, chosenForms } from './formsOfLogs';
import { realForms, secret } from './realForms';

/** Beginnings as their makers give them; what follows is made up. */
const tokens = [
  ...['ASIAIOSFODNN7EXAMPLE', 'gho_0123456789abcdefghijABCDEFGHIJ012345'],
  ...['github_pat_11ABCDEFG0_abcdefghijklmnopqrstuvwxyz', 'glrt-0123456789abcdefghij'],
  ...['xapp-1-A111-1-abcdefghijkl', 'xoxe.xoxp-1-Mi0yLabcdefgh', 'GOCSPX-0123456789abcdefghij'],
  ...['hvb.AAAAAQJabcdefghijkl', 'dckr_pat_0123456789abcdefghij', 'pypi-AgEIcHlwaS5vcmcCJDk0abcd'],
  ...['sk-ant-api03-0123456789abcdefghij', 'glsa_0123456789abcdefghijABCDEFGHIJ01_01234567'],
  ...['sha256~0123456789abcdefghijABCDEFGHIJ0123456789abc', 'LTAI5tabcdefghijklmn'],
  ...['7Q8Q~abcdefghijklmnopqrstuvwxyz0123456', 'eyJrIjoiT0tTcG1pUlY2RnVKZTFVaDFsNFZXdE9Z'],
  'kubeconfig-u-abc12:xnj2mcb5dsg7p2zrk9zx2t8vlfrcs2m6ggxxzsknpzb7qc9kmlm5kn',
  'K10abcdef0123456789::server:0123456789abcdef',
  ...[
    's.0123456789abcdefGHIJKLMN',
    'hvr.0123456789abcdefghij',
    '1//0gAbCdEfGhIjKl-0123456789abcdef',
  ],
  ...[
    'b.AAAAAQKr0123456789abcdefGHIJ',
    'whsec_0123456789abcdefghijABCD',
    'gsk_0123456789abcdefghij',
  ],
  ...[
    'phx_0123456789abcdefghij',
    'pul-0123456789abcdefghij0123456789',
    'r8_0123456789abcdefghijAB',
  ],
  ...['SK0123456789abcdef0123456789abcdef', '0123456789abcdef0123456789abcdef-us12'],
  ...['sntryu_0123456789abcdefghij', 'dp.pt.0123456789abcdefghijAB', 'Atza|0123456789abcdefghij'],
];

/** What an operator needs, near to what is left out. */
const harmless = [
  'vault/secret:custom cluster IP, team-a/api-token:p8080, "ns/session:sip" (kube-system/auth:http-metrics)',
  'sk-learn-model-serving-7d9f8b6c5d-x7k2p and xai-inference-gateway-0, pul-fiction-web-backend-svc',
  'default/token:http cluster IP, kube-system/vault-secret:8200, a/my-password:https',
  'Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=10s": EOF',
  'iptables -w 5 -t nat -A KUBE-SERVICES -d 10.96.0.1/32 -p tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
  'kubectl logs -p kube-proxy-x7k2p && ssh -p 2222 root@node-a && ipvsadm -A -t 10.0.0.1:80 -p 10800',
  'curl -k -u root https://10.0.0.1:10249/proxyMode',
  'topologyKey: kubernetes.io/hostname, secretName: web-tls, tokenFile: /var/run/secrets/token',
  'containerd://0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'https://10.0.0.1:6443/api/v1/namespaces/kube-system/pods/kube-proxy-7d9f8b6c5d-x7k2p/exec?command=nft',
  'http://[fd00::1]:8080/a@b and http://node-a:10256/healthz',
  'kind: Service, data: none; --token, --kubeconfig and --context are read',
  'password for the bastion is with the team',
  'user "system:node:node-a" cannot get resource "secrets" in API group ""',
  // Hexadecimal that is a secret where `ip` says so is none elsewhere.
  '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN; fwmark 0x4000 auth 0x1',
  'echo nf_conntrack | sudo tee /proc/modules && echo 1 > /proc/sys/net/ipv4/ip_forward',
  'echo $TOKEN_PATH | docker login --username me --password-file f registry.example.org',
  'docker login --password-stdin r, helm registry login --password-stdin registry.example.org',
  'kubectl create secret generic web-tls --from-file=a.pem, kubectl get secret web-tls -o yaml',
  'vault/secret: custom cluster IP of the Service; default/api-token: no endpoints here',
  'dig +short kube-dns.kube-system.svc, dig @10.96.0.10 -p 5353 a.b, http -v 10.0.0.1:80',
  'mysql -h db -u root, net.ipv4.ip_forward = 1, zip -r a.zip b, mc ls s3/bucket',
  'secret "web-tls" not found\nkey node-role.kubernetes.io/control-plane\npassword expired',
  'mc alias set is refused; net use; vault login; sqlplus / as sysdba; sqlplus @run.sql; kinit -k -t f',
  'neighbor 10.0.0.1 remote-as 64512, bgp community 65000:100, auth hmac(sha256) in transform',
  'image: docker.io/library/redis:7.2@sha256:0123456789abcdef0123456789abcdef and node-a01',
  'FetchError UNABLE_TO_VERIFY_LEAF_SIGNATURE: request to https://10.0.0.1:6443/api failed',
  'Authorization mode: Node,RBAC; authorization-mode=Node,RBAC --authorization-kubeconfig=/etc/k',
  'certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM=',
  'args: ["--proxy-mode=ipvs", "--bind-address", "0.0.0.0", "--cluster-cidr=10.244.0.0/16"]',
  'command:\n- /usr/local/bin/kube-proxy\n- --config=/var/lib/kube-proxy/config.conf\n- --hostname-override=$(NODE_NAME)\n',
  '["kubectl","get","pods","-p","x"] and ["iptables","-p","tcp","-m","tcp","--dport","80"]',
  'command: ["ssh", "-p", "2222", "root@node-a"], ["nft", "list", "ruleset"], ["ipset", "save"]',
  '- mysql-0\n- -p\n- db',
  'fd00:10:244:1:5:6:7:8 dev cni0 lladdr 52:54:00:12:34:56 STALE\nfd00:10:96::a:53\n52:54:00:12:34:56',
  'node-a:10256 healthz ok\n0.0.0.0:30080->80/tcp\nregistry.k8s.io/kube-proxy:v1.36.2\nroot:x:0:0:root:/root:/bin/bash',
  'add KUBE-CLUSTER-IP 10.96.0.10,udp:53\nadd KUBE-LOOP-BACK 10.244.0.5,tcp:80,10.244.0.5',
  'TCP  10.96.0.1:443 rr persistent 10800\n  -> 192.168.77.10:6443 Masq 1 2 0',
  'to set token expiry use --token-ttl; set password policy; add secret references; env: prod',
  'password:\n  valueFrom:\n    secretKeyRef:\n      name: db\n      key: password\n',
  'expect "password:" within 30 s, or send "yes" to go on',
  'chain KUBE-SEP-ABCDEFGHIJKLMNOP -s 10.244.0.5/32 -m comment --comment "default/auth-key:http" -j KUBE-MARK-MASQ',
  '"default/secret-store:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
  "price: $5 or $1.50, $6 for all; ${HOME}/bin, $1$2, $(cat /x), awk '{print $2}'",
  '{ip} {SHA} {MD5 sums} and map[a:b]',
  'variable "region" {\n  default = "eu-west-1"\n}\nresource "kubernetes_service" "web" { name = "web" }',
  'NetworkPolicy("a", "b"), Credential cache is empty, ConvertTo-Json "x"',
  'kubectl create token default --duration 10m; kubectl auth can-i create pods/exec --as system:node:node-a',
  'secret/web-tls created, configmap/kube-proxy configured, token is invalid, password is required',
  'curl -E /etc/kubernetes/pki/client.crt --key /etc/kubernetes/pki/client.key https://10.0.0.1:6443/healthz',
  'ctr -n k8s.io containers ls; ctr images pull registry.k8s.io/pause:3.10; docker inspect -f x y',
  'Unable to authenticate the request: [x509: certificate has expired, service account token has been invalidated]',
  'map service-ips { type ipv4_addr . inet_proto . inet_service : verdict; elements = { 10.96.0.10 . tcp . 53 : goto service-ABCDEFGH-kube-system/kube-dns/tcp/dns-tcp } }',
  'set auth-clients { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }\nadd element ip kube-proxy affinity-X { 10.0.0.1 timeout 3h }',
  'Name:         api-token\nType:         kubernetes.io/service-account-token\n\nData\n====\n',
  'I1130 12:00:00.000000       1 proxier.go:1482] "Reloading service iptables data" ipFamily="IPv4" numServices=23',
  'vault lookup failed; vault token renew is disabled; consul members; ngrok http 80; pulumi up',
  'failed to pull image "registry.example.org/auth/session:v2": pull access denied, repository does not exist or may require authorization: server message: denied',
  'snmp-server is off; password 2 of 3 characters',
  'default login shell is /bin/bash, machine login disabled',
  'password authentication failed for user "app1"; password sha256 of x509v3; the password policy changed to strict2',
  'the private key node-a1.pem does not match, private key /etc/kubernetes/pki/sa.key, secret key tls.key2',
  'session id is missing, API key is required, access key id, certificate key usage; password was not changed',
  'resources:\n- secrets\n- configmaps\nvolumes:\n- secret: {secretName: web-tls}\nimagePullSecrets:\n- name: regcred',
  'secrets:\n- web-tls\n- regcred\npassword:\n  secretKeyRef:\n    name: db\n',
  '{Name:kube-proxy Value:x}, &Container{Name:x,Image:y}, k3s -v 2, vault status',
  'invalid argument "10x" for "--timeout" flag; invalid value "a" for flag -token-file: none',
  'os.environ["KUBECONFIG"] = "/root/.kube/config"; rules["token-count"] = "3"; PIN: 3 of the header',
  'keys:\n  a: b\npasswords: none\nnext: one',
  'key = AQ; key: node-role; AUTH default; vault token lookup -self; etcdctl user add; user add: done',
  '10.0.0.1 * 10.0.0.2 * and "a" * b *; secret,data; auth.password is set; a_token\nb_secret  here\n',
  'eyJ is how a token begins\nkube-proxy\nKUBE-SVC-NPX46M4PTMTKRN6Y\n10.96.0.1\n',
  'pass: 12, fail: 3; two-pass: yes; bypass = true; sync_pass_through=1; dst_session=none',
];

/** Each is read in a time that grows with its length, or this test does not end. */
const units = [
  ...['://a:"', '-----END PRIVATE KEY-----', 'kind: Secret data: {', 'kind: Secret\ndata:\n'],
  ...['name: token value: ', '--token,\n- ', 'curl -u ', 'hooks.slack.com/', 'password for a'],
  ...['x@', 'a:b@', 'PRIVATE KEY', 'http://h/aB3', 'token: [', '密码:'],
  // One stretch without blanks, each name followed by all the rest of it.
  ...['echo a|', 'echo a | sudo -S ', 'htpasswd -b a ', 'mysql -p', 'net use a ', "password '"],
  ...[
    'secret "',
    ' secret a',
    'identified by ',
    'Authorization: a ',
    'thin:a/',
    '://a:b c',
    'enc a 0x',
  ],
  ...['<<<', 'chpasswd <<< ', 'key 00 ', 'stats auth ', '-token ', 'dig -y a:', 'sqlplus a/'],
  ...[
    '["a",',
    '["',
    '- a\n',
    '- mysql\n- -p',
    '["mysql","-p',
    'variable "a_token" {',
    'set TOKEN ',
  ],
  ...['password: |\n ', '$6$aaaaaaaa', 'a:1:b:c:', 'expect "assword: "', 'token: a(', 'token:\\ '],
  ...[
    'password to ',
    'api key -> ',
    'Private-Lines: 1\n',
    'tokens:\n- ',
    'password:\n ',
    'token: !a ',
  ],
  ...[
    'name="password"\r\n\r\n',
    'passwords: {a: ',
    'stringData: {',
    '<a:token b',
    'token\\ ',
    '%2525',
  ],
  ...[
    'eyJa\n',
    'eyJa.b\n',
    'invalid argument "a" for "--',
    '"a" * "',
    'passwords:\n a: b\n ',
    ' secret,a,',
  ],
  ...['name=', 'value=', 'a_key=', 'a_key=[', 'token/'],
];

suite('secrets in real forms', () => {
  for (const [where, forms] of realForms) {
    test(where, () => {
      for (const form of forms) {
        const shown = withoutSecrets(form);
        assert.ok(!shown.includes(secret), shown);
        assert.equal(withoutSecrets(shown), shown);
      }
    });
  }

  test('passwords that somebody chose, in sentences', () => {
    for (const form of chosenForms) {
      const shown = withoutSecrets(form);
      assert.ok(!shown.includes(chosen), shown);
      assert.equal(withoutSecrets(shown), shown);
    }
  });

  test('tokens by their beginnings', () => {
    for (const token of tokens) {
      assert.equal(withoutSecrets(`got ${token}, then`), 'got (left out), then');
    }
  });

  test('what an operator needs stays', () => {
    for (const text of harmless) assert.equal(withoutSecrets(text), text);
  });

  test('below a token that was wrapped its own lines go with it, and no others', () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'aB3'.repeat(40)}.${'xY7'.repeat(30)}`;
    for (const width of [30, 64, 76]) {
      const wrapped = token.replace(new RegExp(`.{${width}}(?=.{25})`, 'g'), '$&\n  ');
      for (const below of ['kube-proxy', 'KUBE-SVC-NPX46M4PTMTKRN6Y', '-A KUBE-SERVICES -j X2']) {
        assert.equal(withoutSecrets(`got ${wrapped}\n${below}`), `got (left out)\n${below}`);
      }
    }
  });

  test('what is cut is looked through before', () => {
    const told = [`got ghp_${'0aB'.repeat(12)} today`, `at https://user:${secret}@host/x today`];
    for (const text of told) {
      for (let most = 1; most <= text.length; most += 3) {
        for (const rest of ['', ' and more'.repeat(500)]) {
          const shown = beginningWithoutSecrets(text + rest, most);
          assert.ok(!/0aB|SeK/.test(shown), shown);
          assert.ok(shown.length <= most + 3);
        }
      }
    }
    // Where it is cut after all, far behind what is shown.
    for (let pad = 4060; pad < 4180; pad += 6) {
      const shown = beginningWithoutSecrets(
        `${'a '.repeat(pad / 2)}${told[1]}${' b'.repeat(5000)}`,
        50,
      );
      assert.ok(!shown.includes('SeK'));
    }
    assert.equal(beginningWithoutSecrets('token=x', 50), 'token=(left out)');
  });

  test('a path is no Service: what stands behind its last word is left out', () => {
    for (const text of [
      '/api/v1/secret:hunter2',
      'a/token:SeKrEt123abcXYZ',
      'x/password:hunter2secret!',
    ]) {
      assert.match(withoutSecrets(text), /:\(left out\)/);
    }
  });

  for (const unit of units) {
    test(`100,000 characters of ${JSON.stringify(unit)} are read`, () => {
      assert.ok(withoutSecrets(unit.repeat(Math.ceil(100_000 / unit.length))).length > 0);
    });
  }
});

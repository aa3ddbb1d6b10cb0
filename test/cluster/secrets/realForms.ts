/** Stands for the secret in each of the forms. */
export const secret = 'SeKrEt123abcXYZ';

const forms = {
  'environments of processes': [
    ...['DB_PASS=#', 'GITHUB_PAT=#', 'NPM_AUTH=#', 'SMTP_PASS: "#"', 'ENC_KEY=#', 'SSH_PASS=#'],
    ...['export MYSQL_ROOT_PASSWORD=#', 'declare -x API_TOKEN="#"', 'NEW_RELIC_LICENSE_KEY=#'],
    ...['DATABASE_URL=postgres://app:#@db/x', 'REDIS_URL=redis://:#@r:6379/0', 'DB_PW=#'],
  ],
  'kubectl describe, and manifests': [
    '    Environment:\n      DB_PASSWORD:  #\n      MODE:  x',
    '  - name: DB_PASSWORD\n    value: #',
    '- name: API_TOKEN\n  value: "#"',
    '{"name":"DB_PASSWORD","value":"#"}',
    '{"value":"#","name":"DB_PASSWORD"}',
    '- {name: TOKEN, value: #}',
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  foo: #\n',
    'kind: Secret\nstringData:\n  x: |\n    #\ntype: Opaque',
    'Secret in version "v1" cannot be handled: ...|{"kind":"Secret","data":{"foo":"#"}}|...',
    'data:\n  tls.key: #',
  ],
  'values of Helm': [
    ...['adminPassword: #', 'auth:\n  rootPass: #', '--set auth.password=#', '--set a=1,db.pass=#'],
  ],
  'lines of a shell': [
    "curl -u 'user:#' https://host",
    'curl --user admin:# https://h',
    'curl -uadmin:# http://x',
    'curl --proxy-user u:# h',
    'curl --oauth2-bearer # h',
    'curl -b sid=# http://x',
    'curl -H "X-Auth-Key: #" x',
    'curl -d \'{"password":"#"}\' x',
    'mysql -uroot -p# db',
    'docker login -u me -p # reg',
    'redis-cli -a # ping',
    'sshpass -p # ssh h',
    'kubectl exec x -- mysqladmin -p# status',
    'ldapsearch -D cn=x -w # -b y',
    'ipmitool -H h -U u -P # power',
    'etcdctl --user root:# get /',
    'smbclient -U u%# //h',
  ],
  'connection strings': [
    'Server=x;User Id=u;Password=#;',
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=#==;',
    'jdbc:mysql://h/db?user=u&password=#',
    'mongodb://u:#@a,b/x',
    'sasl.jaas.config=x required username="u" password="#";',
  ],
  'logins in URLs with signs that do not belong there': [
    ...['https://user:p/#/x@host/y', 'https://user:a?#@host/x', 'https://user:"#"@host'],
    ...['https://user:<#>@host/x', "https://u:'#'@h", 'https://#:x-oauth-basic@github.com/a'],
  ],
  'headers and their JSON': [
    ...['{"bearer":"#"}', 'bearer: #', 'authorization: Token token="#"', '{"id_token": "#"}'],
    ...['-H Authorization:Bearer\\ #', 'authorization=Bearer%20#', 'Authorization: bearer: #'],
    ...['headers: map[Authorization:[Bearer #] Accept:[x]]', 'Ocp-Apim-Subscription-Key: #'],
    'Sec-WebSocket-Protocol: v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.#',
  ],
  'PEM blocks, whole or cut': [
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE#\n',
    'MIIE#\nabc=\n-----END RSA PRIVATE KEY-----\nrest',
    '-----BEGIN OPENSSH PRIVATE KEY-----\\nMII#\\n-----END OPENSSH PRIVATE KEY-----',
    '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n#\n',
    `before\n${'#'.repeat(4)}aB3+\nafter`,
    'LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo#',
  ],
  'configurations of clients': [
    '{"auths":{"https://index.docker.io/v1/":{"auth":"#"}}}',
    'auths:\n  r:\n    auth: #',
    '"identitytoken":"#"',
    '    exec:\n      env:\n      - name: AWS_SESSION_TOKEN\n        value: #',
    '    exec:\n      args: ["--token", "#"]',
    '      args:\n      - --client-secret\n      - #',
    'args: [--token, #]',
    'users:\n- name: a\n  user:\n    token: #',
    '//registry.npmjs.org/:_authToken=#',
    'machine h login u password #',
  ],
  'signed addresses and hooks': [
    'https://a.blob.core.windows.net/c?sv=2020&ss=b&sig=#',
    'SharedAccessSignature sr=x&sig=#&se=1&skn=k',
    '?X-Amz-Security-Token=#',
    '?jwt=#',
    'https://hooks.slack.com/services/T0/B0/#',
    'https://discord.com/api/webhooks/123/#',
    'https://x.webhook.office.com/webhookb2/#@y/IncomingWebhook/z/w',
    'https://api.telegram.org/bot123456:#/sendMessage',
    'https://open.feishu.cn/open-apis/bot/v2/hook/#',
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=#',
    'https://example.org/hook/#aBcDe',
  ],
  'words about them': [
    ...["Password for 'https://u@h': #", 'Enter passphrase: #', 'psk "#"', 'PresharedKey = #'],
    ...['密码：#', '口令: #', '令牌：#', 'Passwort: #'],
  ],
} satisfies Readonly<Record<string, readonly string[]>>;

/** Forms that real texts have, by where they come from, with the secret in them. */
export const realForms: readonly (readonly [string, readonly string[]])[] = Object.entries(
  forms,
).map(([where, texts]) => [where, texts.map((text) => text.replaceAll('#', secret))]);

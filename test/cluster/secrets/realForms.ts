import { formsByMaker } from './formsByMaker';
import { formsOfLogs } from './formsOfLogs';
import { formsOfTools } from './formsOfTools';

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
    '//packages.example.com/:_authToken=#',
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
  'arguments in places of their own': [
    ...['htpasswd -b /etc/p user #', 'htpasswd -nbB user #', 'mosquitto_passwd -b f user #'],
    ...['rabbitmqctl add_user app #', 'rabbitmqctl change_password app "#"'],
    ...[
      'net use \\\\srv\\share # /user:me',
      'net use Z: \\\\srv\\share /user:me #',
      'net user bob #',
    ],
    ...['wpa_passphrase net #', 'vault login #', 'mc alias set s3 https://h access #'],
    ...['nmcli dev wifi connect net password #', 'openssl passwd -6 #', 'sqlplus u/#@db as sysdba'],
    ...['rman target u/#@db', 'ipmitool -H h user set password 2 #', 'sh -c "mysql -p# db"'],
    'kubectl exec x -- rabbitmqctl add_user app #',
  ],
  'what a program reads': [
    ...['echo # | docker login -u me --password-stdin reg', "printf '%s' # | sudo -S id"],
    ...['echo "#" | kinit admin@X', "echo 'root:#' | chpasswd", 'chpasswd <<< root:#'],
    ...[
      'kinit admin <<< "#"',
      'echo -n # | gh auth login --with-token',
      'echo # | passwd --stdin u',
    ],
    ...['echo # | gpg --batch --passphrase-fd 0 -d f', 'echo # | cryptsetup open /dev/sdb x'],
    'echo # | helm registry login -u me --password-stdin reg',
  ],
  'flags of single programs': [
    ...['useradd -p # bob', 'usermod -p "#" bob', 'ncftp -u u -p # h', 'ssh-keygen -N # -f k'],
    ...[
      'ssh-keygen -p -P # -f k',
      'keytool -list -storepass # -keystore k',
      'keytool -keypass # x',
    ],
    ...[
      'plink -pw # h',
      'pscp -pw "#" a h:',
      'xfreerdp /u:u /p:# /v:h',
      'dig -y hmac-sha256:k:# a b',
    ],
    ...['dig -y k:# @h a', 'nsupdate -y k:#', 'swift -U u -K # list', 'influx query -t # q'],
    ...['lftp -u user,# h', 'tool -token # x', 'tool -password # x', 'tool -secret-key "#"'],
    ...['kubectl create secret generic a --from-literal=k=#', 'http -a u:# h', 'sqlcmd -S h -P #'],
    ...['kubectl create secret generic a --from-literal k=#', 'unzip -P # f', 'ldappasswd -s # x'],
    ...['kubeadm init --certificate-key #', 'kadmin -p admin -w # -q x', 'rpcclient -U u%# h'],
  ],
  'schemes of Authorization': [
    ...['Authorization: GenieKey #', 'Authorization: SSWS #', 'Authorization: Splunk #'],
    ...['authorization: Key #', '-H "Authorization: Bot #"', "-H 'Authorization: OAuth #' x"],
    ...[
      '{"Authorization":"GenieKey #"}',
      'Proxy-Authorization: Foo #',
      'Authorization: sso-key k:#',
    ],
    'headers: map[Authorization:[GenieKey #] Accept:[x]]',
  ],
  'lines of configurations': [
    ...[
      'bindpw #',
      'rootpw {SSHA}#',
      'requirepass #',
      'masterauth #',
      '    auth_pass #',
      'bindpw: #',
    ],
    ...[
      'sentinel auth-pass mymaster #',
      '    secret "#";',
      'key "k" {\n  secret "#";\n}',
      '  psk "#"',
    ],
    ...[
      '  stats auth admin:#',
      '  user u insecure-password #',
      'password #',
      'rocommunity # 10.0.0.0/8',
    ],
    ...['  neighbor 10.0.0.1 password #', '  password "#";', ' ip ospf message-digest-key 1 md5 #'],
    ...['  key-string #', '1.2.3.4 : PSK "#"'],
  ],
  SQL: [
    ...["CREATE USER a IDENTIFIED BY '#'", "alter user a identified with x by '#';"],
    ...["GRANT ALL ON *.* TO u IDENTIFIED BY PASSWORD '#'", "ALTER ROLE u WITH PASSWORD '#'"],
    "SET PASSWORD FOR u = '#'",
  ],
  'other logins and addresses': [
    ...['jdbc:oracle:thin:u/#@//h:1521/x', 'https://user:pa #@host/x', 'https://h/x?st=#'],
    'https://healthchecks.io/ping/#',
  ],
  'words about them': [
    ...["Password for 'https://u@h': #", 'Enter passphrase: #', 'psk "#"', 'PresharedKey = #'],
    ...['密码：#', '口令: #', '令牌：#', 'Passwort: #'],
  ],
} satisfies Readonly<Record<string, readonly string[]>>;

/** Forms that real texts have, by where they come from, with the secret in them. */
export const realForms: readonly (readonly [string, readonly string[]])[] = Object.entries({
  ...forms,
  ...formsByMaker,
  ...formsOfLogs,
  ...formsOfTools,
}).map(([where, texts]) => [where, texts.map((text) => text.replaceAll('#', secret))]);

/** Where a program's command line holds secrets that no name announces. */
export interface SecretsOfProgram {
  /** Flags whose value is one; `-p` also with it in one word, `-pX`. */
  readonly flags?: readonly string[];
  /** Flags whose value ends in one, behind `sign`: `-u user:X`. */
  readonly logins?: readonly string[];
  /** Words that are no flags may be logins, too: `sqlplus user/X@db`. */
  readonly loginWords?: boolean;
  /** What stands between a user and the password; by default `:` or `%`. */
  readonly sign?: RegExp;
  /**
   * Places of secrets among the words that are no flags, counted from 1 behind a word (`add_user`), or
   * behind the program itself (an empty one).
   */
  readonly words?: Readonly<Record<string, readonly number[] | 'last'>>;
  /** `words` holds with such a flag alone. */
  readonly wordsWith?: RegExp;
  /** It reads one from its standard input, always or with such a flag. */
  readonly stdin?: true | RegExp;
  /** It runs other programs. */
  readonly runs?: true;
}

const p: SecretsOfProgram = { flags: ['-p'] };
const w: SecretsOfProgram = { flags: ['-w'] };
const P: SecretsOfProgram = { flags: ['-P'] };
const pw: SecretsOfProgram = { flags: ['-pw', '-p'] };
const snmp: SecretsOfProgram = { flags: ['-c', '-A', '-X'] };
const tsig: SecretsOfProgram = { logins: ['-y'], sign: /:(?=[^:]*$)/ };
const batch: SecretsOfProgram = { words: { '': 'last' }, wordsWith: /^-[a-zA-Z]*b/ };
const oracle: SecretsOfProgram = { loginWords: true, sign: /\// };

/** Short flags are a password for these programs alone: `iptables -p tcp` and `ssh -p 2222` are none. */
export const programs: Readonly<Record<string, SecretsOfProgram>> = {
  mysql: p,
  mysqldump: p,
  mysqladmin: p,
  mariadb: p,
  sshpass: p,
  mongo: p,
  mongosh: p,
  mongodump: p,
  mongorestore: p,
  cqlsh: p,
  useradd: p,
  usermod: p,
  ncftp: p,
  ncftpput: p,
  ncftpget: p,
  rdesktop: p,
  racadm: p,
  psexec: p,
  esxcli: p,
  twine: p,
  rabbitmqadmin: p,
  'cypher-shell': p,
  /** Of docker, podman, helm registry, az, oc. */
  login: p,
  'redis-cli': { flags: ['-a'] },
  ldapsearch: w,
  ldapmodify: w,
  ldapadd: w,
  ldapdelete: w,
  ldapwhoami: w,
  ldappasswd: { flags: ['-w', '-a', '-s'] },
  kadmin: w,
  ipmitool: { ...P, words: { password: [2] } },
  sqlcmd: P,
  bcp: P,
  tsql: P,
  mosquitto_pub: P,
  mosquitto_sub: P,
  schtasks: { flags: ['/rp', '/p'] },
  doctl: { flags: ['-t'] },
  zip: P,
  unzip: P,
  'ssh-keygen': { flags: ['-N', '-P'] },
  openssl: { flags: ['-k', '-K'], words: { passwd: 'last' }, stdin: /^stdin$/ },
  keytool: { flags: ['-storepass', '-keypass', '-deststorepass', '-srcstorepass'] },
  plink: pw,
  pscp: pw,
  psftp: pw,
  putty: pw,
  xfreerdp: { flags: ['/p:'] },
  swift: { flags: ['-K'] },
  influx: { flags: ['-t'] },
  snmpwalk: snmp,
  snmpbulkwalk: snmp,
  snmpget: snmp,
  snmpset: snmp,
  curl: {
    flags: ['-b', '--cookie', '--oauth2-bearer'],
    logins: ['-u', '--user', '-U', '--proxy-user', '-E', '--cert', '--proxy-cert'],
  },
  http: { logins: ['-a', '--auth'] },
  etcdctl: { logins: ['--user'] },
  smbclient: { logins: ['-U'] },
  rpcclient: { logins: ['-U'] },
  lftp: { logins: ['-u'], sign: /,/ },
  dig: tsig,
  nsupdate: tsig,
  kubectl: { logins: ['--from-literal'], sign: /=/, runs: true },
  sqlplus: oracle,
  rman: oracle,
  expdp: oracle,
  impdp: oracle,
  sqlldr: oracle,
  htpasswd: batch,
  mosquitto_passwd: batch,
  rabbitmqctl: { words: { add_user: [2], change_password: [2], authenticate_user: [2] } },
  wpa_passphrase: { words: { '': [2] } },
  vault: { words: { login: [1], unseal: [1] } },
  k3s: { flags: ['-t'] },
  rke2: { flags: ['-t'] },
  consul: { words: { 'set-agent-token': [2] } },
  ngrok: { words: { authtoken: [1], 'add-authtoken': [1] } },
  isql: { words: { '': [3] } },
  pulumi: { words: { set: [2] } },
  ctr: { logins: ['-u', '--user'] },
  mc: { words: { set: [3, 4], add: [3, 4] } },
  net: { words: { use: [2, 3], user: [2] } },
  nmcli: { words: { password: [1] } },
  cargo: { words: { login: [1] } },
  virsh: { flags: ['--base64'], words: { 'secret-set-value': [2] } },
  iwconfig: { words: { key: [1] } },
  sudo: { stdin: /^-[a-zA-Z]*S/, runs: true },
  passwd: { stdin: /^--stdin$/ },
  smbpasswd: { stdin: /^-[a-z]*s/ },
  kinit: { stdin: true },
  chpasswd: { stdin: true },
  cryptsetup: { stdin: true },
};

/** Flags of any program by which it reads a secret from its standard input. */
export const stdinFlag =
  /^--?(?:pass|password|passphrase|token|secret)-(?:stdin|fd)\b|^--with-token$/;

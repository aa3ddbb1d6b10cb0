import { own } from '../../core/own';
import { nonEmpty, withoutParts, type Part } from './parts';
import { ValueReader } from './valueReader';

/** Short flags are a password for these programs alone: `iptables -p tcp` and `ssh -p 2222` are none. */
const passwordFlags: Readonly<Record<string, readonly string[]>> = {
  mysql: ['-p'],
  mysqldump: ['-p'],
  mysqladmin: ['-p'],
  mariadb: ['-p'],
  sshpass: ['-p'],
  /** Of docker, podman, helm registry, az, oc. */
  login: ['-p'],
  mongo: ['-p'],
  mongosh: ['-p'],
  mongodump: ['-p'],
  'redis-cli': ['-a'],
  ldapsearch: ['-w'],
  ldapmodify: ['-w'],
  ipmitool: ['-P'],
  openssl: ['-k', '-K'],
  snmpwalk: ['-c', '-A', '-X'],
  snmpget: ['-c', '-A', '-X'],
  curl: ['-b', '--cookie', '--oauth2-bearer'],
};

/** `user:password`, or with `%` for smbclient. */
const loginFlags: Readonly<Record<string, readonly string[]>> = {
  curl: ['-u', '--user', '-U', '--proxy-user'],
  etcdctl: ['--user'],
  smbclient: ['-U'],
};

/** Leaves out passwords that programs take by flags whose names don't say so: `mysql -u root -p x`. */
export function withoutSecretFlags(text: string): string {
  const word = /\n|[|;&]|[^\s|;&]+/g;
  const parts: Part[] = [];
  const reader = new ValueReader(text);
  let program = '';
  let flag: string | undefined;
  for (const { 0: found, index } of text.matchAll(word)) {
    if (/^[\n|;&]$/.test(found)) {
      program = '';
      flag = undefined;
    } else if (flag !== undefined) {
      if (!found.startsWith('-')) parts.push(...valueOf(reader, program, flag, index));
      flag = undefined;
    } else {
      const name = found.slice(found.lastIndexOf('/') + 1);
      if (own(passwordFlags, name) ?? own(loginFlags, name)) program = name;
      flag = flagsOf(program).find((each) => each === found);
      const tight = flagsOf(program).find((each) => each.length === 2 && found.startsWith(each));
      if (flag === undefined && tight !== undefined) {
        parts.push(...valueOf(reader, program, tight, index + tight.length));
      }
    }
  }
  return withoutParts(text, parts);
}

function flagsOf(program: string): readonly string[] {
  return [...(own(passwordFlags, program) ?? []), ...(own(loginFlags, program) ?? [])];
}

function valueOf(reader: ValueReader, program: string, flag: string, at: number): readonly Part[] {
  const value = reader.valueAt(at);
  if (!value) return [];
  if (own(passwordFlags, program)?.includes(flag)) return [value];
  const sign = reader.text.slice(value.start, value.end).search(/[:%]/);
  const password = nonEmpty(value.start + sign + 1, value.end);
  return sign < 0 || !password ? [] : [password];
}

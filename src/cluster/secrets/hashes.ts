import { leftOut } from './parts';

/**
 * Hashes of passwords by their own look, as /etc/shadow, htpasswd, cloud-init and LDAP hold them: whoever
 * has one can try passwords without end.
 */
const hash =
  /\$(?:1|2[abxy]|5|6|7|8|9|g?y|apr1|argon2(?:id|i|d)?|scrypt|bcrypt-sha256|pbkdf2[\w-]{0,16})\$[^\s:"'`,;]{8,}|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|PBKDF2[\w-]{0,16}|ARGON2|PLAIN|CLEARTEXT)\}[^\s:"'`,;]+/g;

/** `root:$6$salt$x:19000:` -> `root:(left out):19000:` */
export function withoutHashes(text: string): string {
  return text.replace(hash, leftOut);
}

import type { ExtensionMatch } from '../rules/extensionMatch';

/** What a match of IPv6's extension headers asks for: parts that are joined by "and". */
export function extensionInWords(match: ExtensionMatch): string[] {
  switch (match.kind) {
    case 'ipv6header': {
      const which = match.soft ? 'among others the headers' : 'exactly the headers';
      return [`${match.negated ? 'does not have' : 'has'} ${which} ${match.headers.join(', ')}`];
    }
    case 'frag':
      return [`has a fragment header${asked(match.text)}`];
    case 'rt':
      return [`has a routing header${asked(match.text)}`];
    case 'hbh':
      return [`has a hop-by-hop header${asked(match.text)}`];
    case 'dst':
      return [`has a destination options header${asked(match.text)}`];
    case 'ah':
      return [`has an authentication header${asked(match.text)}`];
    case 'esp':
      return [`is encrypted (ESP)${asked(match.text)}`];
    case 'mh':
      return [`is a Mobile IPv6 message${asked(match.text)}`];
    case 'eui64':
      return ['has a source that is made of the MAC address of its frame (EUI-64)'];
  }
}

function asked(text: string): string {
  return text === '' ? '' : ` with ${text}`;
}

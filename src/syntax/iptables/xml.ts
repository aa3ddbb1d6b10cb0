/**
 * `iptables-save | iptables-xml` as iptables-save printed it (iptables/iptables-xml.c): a `-m` and each of its
 * options is an element, `!` an attribute, what was quoted has `&quot;` around it. A text that is cut has no
 * COMMIT for its last table.
 */
export function saveOfXml(xml: string): string {
  const lines: string[] = [];
  let table: Table | undefined;
  let rule: Words | undefined;
  for (const part of xml.split('<').slice(1)) {
    const end = part.indexOf('>');
    const head = part.slice(0, end).trim();
    const text = part.slice(end + 1).trim();
    if (end < 0 || /^[!?]/.test(head)) continue;
    const [name = ''] = /^\/?[^\s/]*/.exec(head) ?? [];
    if (name === 'table')
      table = { name: attribute(head, 'name'), chain: '', chains: [], rules: [] };
    else if (!table) continue;
    else if (name === 'chain') openChain(table, head);
    else if (name === 'rule') rule = new Words();
    else if (name === '/rule') {
      table.rules.push(['-A', table.chain, ...(rule?.all ?? [])].join(' '));
      rule = undefined;
    } else if (name === '/table') {
      lines.push(`*${table.name}`, ...table.chains, ...table.rules, 'COMMIT');
      table = undefined;
    } else rule?.element(name, head, text);
  }
  if (table) lines.push(`*${table.name}`, ...table.chains, ...table.rules);
  return `${lines.join('\n')}\n`;
}

interface Table {
  readonly name: string;
  /** The one whose rules follow. */
  chain: string;
  readonly chains: string[];
  readonly rules: string[];
}

function openChain(table: Table, head: string): void {
  table.chain = attribute(head, 'name');
  const counts = ['packet-count', 'byte-count'].map((name) => attribute(head, name) || '0');
  table.chains.push(`:${table.chain} ${attribute(head, 'policy') || '-'} [${counts.join(':')}]`);
}

/** The words of one rule. */
class Words {
  readonly all: string[] = [];
  #part: 'conditions' | 'actions' = 'conditions';
  /** The element that is open below the part: a match, a target, `call`; and whether one within it is. */
  #group: string | undefined;
  #inOption = false;

  element(name: string, head: string, text: string): void {
    if (name === 'conditions' || name === 'actions') this.#part = name;
    else if (name.startsWith('/')) {
      if (!this.#inOption) this.#group = undefined;
      this.#inOption = false;
    } else if (this.#group === undefined) this.#open(name, head, text);
    else if (this.#group === 'call' || this.#group === 'goto') this.all.push(name);
    else this.#option(name, head, text);
  }

  #open(name: string, head: string, text: string): void {
    if (!head.endsWith('/')) this.#group = name;
    if (this.#part === 'conditions') {
      if (name !== 'match') this.all.push('-m', name);
    } else if (name === 'call') this.all.push('-j');
    else this.all.push(...(name === 'goto' ? ['-g'] : ['-j', name]));
    if (text !== '') this.all.push(value(text));
  }

  #option(name: string, head: string, text: string): void {
    if (attribute(head, 'invert') === '1') this.all.push('!');
    this.all.push(name.length === 1 ? `-${name}` : `--${name}`);
    if (text !== '') this.all.push(value(text));
    this.#inOption = !head.endsWith('/');
  }
}

function attribute(head: string, name: string): string {
  const at = head.indexOf(`${name}="`);
  if (at < 0) return '';
  const from = at + name.length + 2;
  return decoded(head.slice(from, head.indexOf('"', from)));
}

/** What was quoted as a whole has its own quotes escaped again. */
function value(text: string): string {
  const plain = decoded(text);
  if (plain.length < 2 || !plain.startsWith('"') || !plain.endsWith('"')) return plain;
  return `"${plain.slice(1, -1).replace(/["'\\]/g, '\\$&')}"`;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
]);

function decoded(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities.get(entity)!);
}

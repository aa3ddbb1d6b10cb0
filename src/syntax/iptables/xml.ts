/**
 * `iptables-save | iptables-xml` as iptables-save printed it (iptables/iptables-xml.c): a `-m` and each of its
 * options is an element, `!` an attribute, what was quoted has `&quot;` around it. A text that is cut has no
 * COMMIT for its last table.
 */
export function saveOfXml(xml: string): string {
  const parts: string[] = [];
  let table: Table | undefined;
  let rule: RuleWords | undefined;
  for (const element of xml.split('<').slice(1)) {
    const end = element.indexOf('>');
    const head = element.slice(0, end);
    const text = element.slice(end + 1).trim();
    if (end < 0 || /^[!?]/.test(head)) continue;
    const [name = ''] = /^\/?[^\s/]*/.exec(head) ?? [];
    if (name === 'table')
      table = { name: attribute(head, 'name'), chain: '', chains: [], rules: [] };
    else if (!table) continue;
    else if (name === 'chain') openChain(table, head);
    else if (name === 'rule') rule = new RuleWords(counters(head));
    else if (name === '/rule') {
      for (const line of rule?.lines(table.chain) ?? []) table.rules.push(line);
      rule = undefined;
    } else if (name === '/table') {
      parts.push(textOf(table), 'COMMIT');
      table = undefined;
    } else rule?.element(name, head, text);
  }
  if (table) parts.push(textOf(table));
  return `${parts.join('\n')}\n`;
}

interface Table {
  readonly name: string;
  /** The one whose rules follow. */
  chain: string;
  readonly chains: string[];
  readonly rules: string[];
}

function textOf({ name, chains, rules }: Table): string {
  return [`*${name}`, ...chains, ...rules].join('\n');
}

function openChain(table: Table, head: string): void {
  table.chain = attribute(head, 'name');
  const policy = attribute(head, 'policy') || '-';
  table.chains.push(`:${table.chain} ${policy} ${counters(head) ?? '[0:0]'}`);
}

/** `[5:300]`, where the element says it. */
function counters(head: string): string | undefined {
  const [packets, bytes] = ['packet-count', 'byte-count'].map((name) => attribute(head, name));
  return packets && bytes ? `[${packets}:${bytes}]` : undefined;
}

/**
 * The words of one `<rule>`. With `-c`, iptables-xml puts rules that ask the same into one, with an action for
 * each; it tells the counters of the first.
 */
class RuleWords {
  readonly #conditions: string[] = [];
  readonly #actions: string[][] = [];
  /** Those of the condition or action at hand. */
  #words = this.#conditions;
  #part: 'conditions' | 'actions' = 'conditions';
  /** The element that is open below the part: a match, a target, `call`; and whether one within it is. */
  #group: string | undefined;
  #inOption = false;

  constructor(readonly counters: string | undefined) {}

  /** As iptables-save prints them. */
  lines(chain: string): readonly string[] {
    const actions = this.#actions.length > 0 ? this.#actions : [[]];
    return actions.map((action, i) => {
      const counted = i === 0 && this.counters ? [this.counters] : [];
      return [...counted, '-A', chain, ...this.#conditions, ...action].join(' ');
    });
  }

  element(name: string, head: string, text: string): void {
    if (name === 'conditions' || name === 'actions') this.#part = name;
    else if (name.startsWith('/')) {
      if (!this.#inOption) this.#group = undefined;
      this.#inOption = false;
    } else if (this.#group === undefined) this.#open(name, head, text);
    else if (this.#group === 'call' || this.#group === 'goto') this.#words.push(name);
    else this.#option(name, head, text);
  }

  #open(name: string, head: string, text: string): void {
    if (!head.endsWith('/')) this.#group = name;
    if (this.#part === 'conditions') {
      if (name !== 'match') this.#words.push('-m', name);
    } else {
      this.#words = name === 'call' ? ['-j'] : name === 'goto' ? ['-g'] : ['-j', name];
      this.#actions.push(this.#words);
    }
    if (text !== '') this.#words.push(value(text));
  }

  #option(name: string, head: string, text: string): void {
    if (attribute(head, 'invert') === '1') this.#words.push('!');
    this.#words.push(name.length === 1 ? `-${name}` : `--${name}`);
    if (text !== '') this.#words.push(value(text));
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

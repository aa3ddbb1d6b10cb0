import type { Family } from '../../../core/address';
import { kindCode } from '../lines/lineKind';
import type { LineIndex } from '../lines/lineIndex';
import type { Lines } from '../../textLines';
import { promptCommand, type PromptCommand } from '../lines/prompt';
import type { Section } from './sections';
import { rulesOrigin, type NamedOrigin } from '../../dumps/origin';
import { inferTable } from './tableName';

/** One table of one dump; several sections where `iptables -S CHAIN` was asked again and again. */
export interface DumpTable {
  /** `nat`; empty when neither the text nor its chains tell. */
  readonly name: string;
  readonly sections: readonly Section[];
}

/** What one run of iptables-save printed, or several runs of `iptables -S` or `-L` together. */
export interface SaveRun {
  readonly family: Family;
  readonly backend: 'legacy' | 'nf_tables' | 'unknown';
  /** `iptables-save v1.8.9 (nf_tables)`, `iptables -S`, `iptables -L`. */
  readonly program: string;
  readonly tables: readonly DumpTable[];
  /** Whether it shows all tables that are loaded: `iptables-save` without `-t`, and not cut. */
  readonly whole: boolean;
}

interface OpenTable extends DumpTable {
  readonly sections: Section[];
  /** The chains that it declares, as numbers of names. */
  readonly chains: Set<number>;
}

interface OpenDump extends SaveRun {
  readonly tables: OpenTable[];
  whole: boolean;
  readonly prompt: number | undefined;
}

/** A table belongs to one of the dumps just before it: a text of 10,000 lines `*nat` has as many. */
const nearest = 50;

/** Puts sections together to dumps: a table that comes again begins the next dump. */
export function groupDumps(
  index: LineIndex,
  lines: Lines,
  sections: readonly Section[],
  path = '',
): readonly SaveRun[] {
  const named = rulesOrigin(path);
  const dumps: OpenDump[] = [];
  for (const section of sections) {
    const origin = originOf(lines, section, named);
    const name =
      section.tableLine !== undefined
        ? index.names.text(index.chain(section.tableLine))
        : (origin.command?.table ?? inferTable(index, section, named));
    const whole = isWholeSave(section, origin);
    const chains = declaredChains(index, section);
    const near = dumps.slice(-nearest);
    const dump = near.findLast((dump) => takes(dump, origin, section, name, chains));
    const table = dump?.tables.find((table) => table.name === name);
    if (dump) dump.whole &&= whole;
    if (table) {
      table.sections.push(section);
      for (const chain of chains) table.chains.add(chain);
    } else if (dump) {
      dump.tables.push({ name, sections: [section], chains });
    } else {
      const { family, backend, program } = origin;
      const tables = [{ name, sections: [section], chains }];
      dumps.push({ family, backend, program, tables, whole, prompt: section.promptLine });
    }
  }
  if (lacksTables(index, sections)) for (const dump of dumps) dump.whole = false;
  return dumps;
}

/** Whether lines were left out between the tables, in which others may have stood. */
function lacksTables(index: LineIndex, sections: readonly Section[]): boolean {
  let line = 0;
  for (const { start, end } of [...sections, { start: index.count, end: index.count }]) {
    for (; line < start; line++) {
      const kind = index.kindCode(line);
      if (kind === kindCode['left-out']) return true;
    }
    line = end;
  }
  return false;
}

function isWholeSave({ form, tableLine, commitLine }: Section, { command }: Origin): boolean {
  const asked = command?.form === 'save' && command.table !== undefined;
  return form === 'save' && tableLine !== undefined && commitLine !== undefined && !asked;
}

interface Origin {
  readonly family: Family;
  readonly backend: SaveRun['backend'];
  readonly program: string;
  readonly command: PromptCommand | undefined;
}

function takes(
  dump: OpenDump,
  origin: Origin,
  section: Section,
  name: string,
  chains: Set<number>,
): boolean {
  if (dump.family !== origin.family) return false;
  const known = dump.backend !== 'unknown' && origin.backend !== 'unknown';
  if (known && dump.backend !== origin.backend) return false;
  const wholeSave = origin.command?.form === 'save' && origin.command.table === undefined;
  if (wholeSave && dump.prompt !== section.promptLine) return false;
  const table = dump.tables.find((table) => table.name === name);
  if (!table) return true;
  return section.form !== 'save' && ![...chains].some((chain) => table.chains.has(chain));
}

const declares: ReadonlySet<number> = new Set([
  kindCode.chain,
  kindCode.policy,
  kindCode['new-chain'],
  kindCode['listing-policy'],
  kindCode['listing-chain'],
]);

function declaredChains(index: LineIndex, section: Section): Set<number> {
  const chains = new Set<number>();
  if (section.form === 'save') return chains;
  for (let line = section.start; line < section.end; line++) {
    if (declares.has(index.kindCode(line))) chains.add(index.chain(line));
  }
  return chains;
}

function originOf(lines: Lines, section: Section, named: NamedOrigin): Origin {
  const command =
    section.promptLine === undefined ? undefined : promptCommand(lines.line(section.promptLine));
  const header = section.headerLine === undefined ? undefined : lines.line(section.headerLine);
  const [, program, name, note] =
    /Generated by ((\S+) v\S+(?: \((\S+)\))?)/.exec(header ?? '') ?? [];
  if (program !== undefined && name !== undefined && section.form === 'save') {
    const family = name.startsWith('ip6')
      ? 6
      : name.startsWith('ip')
        ? 4
        : (familyOf(lines, section) ?? named.family ?? 4);
    return { family, backend: backendOf(name, note), program, command };
  }
  const family = command?.family ?? familyOf(lines, section) ?? named.family ?? 4;
  const tool = family === 6 ? 'ip6tables' : 'iptables';
  const option = { save: '-save', commands: ' -S', listing: ' -L' }[section.form];
  return { family, backend: command?.backend ?? 'unknown', program: tool + option, command };
}

/**
 * Since 1.8.0 the header names the nf_tables variant, and the legacy one has no note; before, the
 * variant had a program of its own (xtables-save, iptables-compat-save).
 */
function backendOf(name: string, note: string | undefined): SaveRun['backend'] {
  if (note === 'nf_tables' || /^xtables|compat/.test(name)) return 'nf_tables';
  return note === undefined || note === 'legacy' ? 'legacy' : 'unknown';
}

function familyOf(lines: Lines, { start, end }: Section): Family | undefined {
  for (let line = start; line < end; line++) {
    const family = familyOfRule(lines.line(line));
    if (family !== undefined) return family;
  }
  return undefined;
}

/**
 * By the first address of a rule, or a protocol of one family alone; undefined where it has neither. A MAC
 * address (`00:11:22:33:44:55`) and a time (`12:30:00`) are no addresses.
 */
export function familyOfRule(rule: string): Family | undefined {
  const text = rule
    .slice(0, 1000)
    .replace(/\\./g, '')
    .replace(/"[^"]*(?:"|$)|\/\*[^*]*(?:\*|$)|--comment [^\s"]\S*/g, '');
  if (/\b\d+\.\d+\.\d+\.\d+\b/.test(text)) return 4;
  if (text.split(/[\s!,[\]]+/).some(isIpv6)) return 6;
  if (/icmpv6|ipv6-icmp|icmp6/i.test(text)) return 6;
  return /(^|\s)-p icmp(\s|$)|--reject-with icmp-/.test(text) ? 4 : undefined;
}

/** `::/0`, `fd00:10:96::1`: two colons beside one another, or eight groups. */
function isIpv6(word: string): boolean {
  return /^(?:to:)?[\da-f:]+(?:\/\d+)?$/i.test(word) && /::|(?:[\da-f]{1,4}:){7}/i.test(word);
}

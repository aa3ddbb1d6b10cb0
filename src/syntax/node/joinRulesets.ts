import * as l10n from '@vscode/l10n';
import type { Chain, Gap, Ruleset, Table } from '../../core/rules/ruleset';
import { fileName } from '../../core/source';
import type { ActualRule } from '../../core/rules/ruleTexts';
import { append } from '../../core/append';
import { list } from '../../core/list';

/** A ruleset and what is known of the dump that it is from. */
export interface ReadRuleset {
  readonly ruleset: Ruleset;
  /** Whether the dump shows all tables, by its name and command. */
  readonly whole: boolean;
}

/**
 * The rulesets of one family, one for each backend: the tables of all dumps count together. Of a table
 * that several show, the first one's whole one is taken; parts of a table are put together by chains.
 *
 * Of whole dumps the newest counts; tables of dumps that were taken at other times may have changed since.
 *
 * @param read the best first
 */
export function joinRulesets(read: readonly ReadRuleset[]): readonly Ruleset[] {
  const backends = new Map<Ruleset['backend'], ReadRuleset[]>();
  const known = read.map(({ ruleset }) => ruleset.backend).filter((one) => one !== 'unknown');
  for (const one of read) {
    // `iptables -S` does not tell its backend; beside dumps of one that does, it is taken for the same.
    const { backend: own } = one.ruleset;
    const backend = own === 'unknown' ? (known[0] ?? own) : own;
    append(backends, backend, one);
  }
  return [...backends.values()].map((same) => joinBackend(newestFirst(same)));
}

/** Two captures in one file, or in two: the older one is no part of what is there now. */
function newestFirst(read: readonly ReadRuleset[]): readonly ReadRuleset[] {
  const time = ({ whole, ruleset }: ReadRuleset) => (whole ? (ruleset.captured ?? '') : '');
  return [...read].sort((left, right) =>
    time(left) === '' || time(right) === '' ? 0 : time(right).localeCompare(time(left)),
  );
}

/** In milliseconds: a script that collects a node's dumps takes no longer. */
const together = 10 * 60_000;

/** Tables that were dumped long before the newest one. */
function agedGaps(sources: ReadonlySet<Ruleset>): readonly Gap[] {
  const times = [...sources].flatMap(({ captured }) => captured ?? []).sort();
  const newest = times.at(-1);
  if (newest === undefined) return [];
  return [...sources].flatMap(({ captured, source, tables }): Gap[] => {
    if (captured === undefined || Date.parse(newest) - Date.parse(captured) < together) return [];
    const names = list([...tables.keys()], 'row');
    const text = l10n.t`what ${fileName(source)} shows (${names}), taken ${captured.replace('T', ' ')} and not ${newest.replace('T', ' ')} as the rest, did not change since`;
    return [{ text, range: { source, line: 0, start: 0, end: 0 } }];
  });
}

function joinBackend(read: readonly ReadRuleset[]): Ruleset {
  const [first] = read as [ReadRuleset, ...ReadRuleset[]];
  const tables = new Map<string, Table>(first.ruleset.tables);
  /** Whose table each is; of one that is put together of parts, nobody's. */
  const owners = new Map<string, Ruleset | undefined>();
  for (const name of tables.keys()) owners.set(name, first.ruleset);
  const sources = new Set([first.ruleset]);
  let contradicted = false;
  for (const { ruleset } of read.slice(1)) {
    for (const [name, table] of ruleset.tables) {
      const known = tables.get(name);
      if (!known) {
        // iptables -L makes the kernel load the table that it lists: an empty one contradicts nothing.
        contradicted ||= first.whole && !isEmpty(table);
        if (first.whole && isEmpty(table)) continue;
        tables.set(name, table);
        owners.set(name, ruleset);
        sources.add(ruleset);
      } else if (!known.complete) {
        tables.set(name, table.complete ? table : joinParts(known, table));
        owners.set(name, table.complete ? ruleset : undefined);
        sources.add(ruleset);
      }
    }
  }
  const whole = first.whole && !contradicted;
  if (sources.size === 1) return { ...first.ruleset, whole };
  const backend = [...sources].find((one) => one.backend !== 'unknown')?.backend ?? 'unknown';
  const gaps = [...[...sources].flatMap((one) => one.gaps ?? []), ...agedGaps(sources)];
  const findings = [...sources].flatMap((one) => one.findings);
  const texts = joinTexts(owners);
  return { ...first.ruleset, backend, tables, whole, gaps: distinct(gaps), findings, texts };
}

/** undefined where one of them has no texts. */
function joinTexts(owners: ReadonlyMap<string, Ruleset | undefined>): Ruleset['texts'] {
  const all = [...new Set(owners.values())];
  if (!all.every((owner) => owner?.texts !== undefined)) return undefined;
  return function* () {
    const joined = new Map<string, ReadonlyMap<string, readonly ActualRule[]>>();
    for (const owner of all) {
      for (const [name, chains] of yield* owner!.texts!()) {
        if (owners.get(name) === owner) joined.set(name, chains);
      }
    }
    return joined;
  };
}

function isEmpty({ chains }: Table): boolean {
  return [...chains.values()].every(
    ({ length, base }) => length === 0 && (base?.policy ?? 'ACCEPT') === 'ACCEPT',
  );
}

/** `iptables -S CHAIN` of one chain after the other. */
function joinParts(one: Table, other: Table): Table {
  const chains = new Map<string, Chain>(one.chains);
  for (const [name, chain] of other.chains) {
    const known = chains.get(name);
    if (!known || (known.declared === undefined && chain.declared !== undefined)) {
      chains.set(name, chain);
    }
  }
  return { ...one, chains, gaps: distinct([...(one.gaps ?? []), ...(other.gaps ?? [])]) };
}

function distinct(gaps: readonly Gap[]): readonly Gap[] {
  return [...new Map(gaps.map((gap) => [gap.text, gap])).values()];
}

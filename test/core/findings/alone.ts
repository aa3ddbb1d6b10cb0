import assert from 'node:assert/strict';
import { edited, rules, type Edit } from './cases/case';
import { findingsOf, type Files } from './checkText';

/** What raises a finding, and each thing that alone makes it none. */
export interface Alone {
  readonly code: string;
  readonly when: string;
  readonly raise: readonly Edit[];
  readonly but?: Readonly<Record<string, readonly Edit[]>>;
}

/** @param healthy dumps of a node that has none of the findings */
export function aloneSuite(of: string, healthy: Files, cases: readonly Alone[]): void {
  const has = async (code: string, files: Files): Promise<boolean> =>
    (await findingsOf(files, code)).some((one) => one.code === code);
  const found = (code: string, edits: readonly Edit[]) => has(code, edited(healthy, edits));
  const counted = (code: string, edits: readonly Edit[]) =>
    has(code, withCounters(edited(healthy, edits)));

  suite(`findings of ${of}: what alone makes one none`, () => {
    test('the node itself has none of them', async () => {
      const codes = (await findingsOf(healthy)).map(({ code }) => code);
      assert.deepEqual(
        cases.filter(({ code }) => codes.includes(code)),
        [],
      );
    });

    for (const { code, when, raise, but = {} } of cases) {
      test(`${code}: ${when}`, async () => assert.ok(await found(code, raise)));
      test(`${code}: ${when}; rules that only count change nothing`, async () => {
        assert.ok(await counted(code, raise));
        for (const [why, edits] of Object.entries(but)) {
          assert.ok(!(await counted(code, [...raise, ...edits])), why);
        }
      });
      if (rules in healthy) {
        test(`${code}: ${when}; rules of IPv6 without kube-proxy change nothing`, async () => {
          assert.ok(await has(code, withEmptySix(edited(healthy, raise))));
        });
      }
      for (const [why, edits] of Object.entries(but)) {
        test(`no ${code} where ${why}`, async () => {
          assert.ok(!(await found(code, [...raise, ...edits])));
        });
      }
    }
  });
}

/** The same rules, and those of a node where nobody wrote any of IPv6. */
function withEmptySix(files: Files): Files {
  const six = 'ip6tables-save.txt';
  const tables = ['mangle', 'filter', 'nat'].map(
    (name) => `*${name}\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n`,
  );
  return { [six]: tables.join(''), ...files };
}

/** The same rules, and before the first of each chain one without a target. */
function withCounters({ [rules]: text = '', ...others }: Files): Files {
  const tables = text.split(/^(?=\*)/m).map((table) => {
    const seen = new Set<string>();
    return table.replace(/^-A (\S+) /gm, (start, chain: string) => {
      if (seen.has(chain)) return start;
      seen.add(chain);
      return `-A ${chain} -m comment --comment "counts"\n${start}`;
    });
  });
  return { ...others, [rules]: tables.join('') };
}

import assert from 'node:assert/strict';
import { edited, type Edit } from './cases/case';
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
  const codes = async (edits: readonly Edit[]): Promise<readonly string[]> =>
    (await findingsOf(edited(healthy, edits))).map(({ code }) => code);

  suite(`findings of ${of}: what alone makes one none`, () => {
    test('the node itself has none of them', async () => {
      const found = await codes([]);
      assert.deepEqual(
        cases.filter(({ code }) => found.includes(code)),
        [],
      );
    });

    for (const { code, when, raise, but = {} } of cases) {
      test(`${code}: ${when}`, async () => assert.ok((await codes(raise)).includes(code)));
      for (const [why, edits] of Object.entries(but)) {
        test(`no ${code} where ${why}`, async () => {
          assert.ok(!(await codes([...raise, ...edits])).includes(code));
        });
      }
    }
  });
}

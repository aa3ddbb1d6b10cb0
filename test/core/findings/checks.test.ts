import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Finding } from '../../../src/core/finding';
import { checks } from '../../../src/core/findings/all';
import { edited } from './cases/case';
import { expectedCases } from './cases/expected';
import { ipvsCases } from './cases/ipvs';
import { emptyChainCases } from './cases/emptyChains';
import { forwardCases } from './cases/forward';
import { nodePortCases } from './cases/nodePorts';
import { nftablesCases } from './cases/nftables';
import { objectCases } from './cases/objects';
import { passedOverCases } from './cases/passedOver';
import { ruleCases } from './cases/rules';
import { shareCases } from './cases/shares';
import { sysctlCases } from './cases/sysctls';
import { findingsOf, type Files } from './checkText';

suite('findings: a text that raises each, and one that nearly does', () => {
  const plain = new Map<string, Promise<readonly Finding[]>>();
  const bases: Files[] = [];
  /** What a base has without any edit; asked once for each check. */
  const unedited = (base: Files, code: string) => {
    if (!bases.includes(base)) bases.push(base);
    const key = `${bases.indexOf(base)} ${code}`;
    const before = plain.get(key) ?? findingsOf(base, code);
    plain.set(key, before);
    return before;
  };
  for (const { code, base, raise, near, says, nearSays, severity } of [
    ...ruleCases,
    ...shareCases,
    ...nodePortCases,
    ...forwardCases,
    ...passedOverCases,
    ...emptyChainCases,
    ...sysctlCases,
    ...ipvsCases,
    ...nftablesCases,
    ...objectCases,
    ...expectedCases,
  ]) {
    test(`${code}: ${says.source}`, async () => {
      const before = await unedited(base, code);
      const raised = await findingsOf(edited(base, raise), code);
      const isNew = (one: { code: string; message: string }) =>
        one.code === code && !before.some(({ message }) => message === one.message);
      const found = raised.filter(isNew);
      assert.ok(found.length > 0, 'not raised');
      assert.match(found.map(({ message }) => message).join('\n'), says);
      if (severity) assert.ok(found.every((one) => one.severity === severity));
      const nearly = (await findingsOf(edited(base, near), code)).filter(isNew);
      assert.deepEqual(
        nearly.map(({ message }) => message).filter((text) => !nearSays?.test(text)),
        [],
      );
    });
  }

  test('every check has a page, with what it means, how it breaks traffic, how to confirm and to mend', () => {
    for (const { code } of checks) {
      const page = `docs/findings/${code}.md`;
      assert.ok(existsSync(page), page);
      const text = readFileSync(page, 'utf8');
      for (const part of [
        'What it means',
        'How it breaks traffic',
        'How to confirm',
        'How to mend',
      ]) {
        assert.ok(text.includes(`## ${part}`), `${page}: ${part}`);
      }
    }
  });
});

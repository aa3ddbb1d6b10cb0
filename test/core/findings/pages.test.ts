import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { suite, test } from 'mocha';
import { checks } from '../../../src/core/findings/all';
import { pageLanguages, pageOfFinding } from '../../../src/core/findings/page';

/** The code spans of each part of a page, in any order: a translation may turn a sentence round. */
function partsOf(page: string): { headings: string[]; code: string[][] } {
  const parts = readFileSync(page, 'utf8').split(/^#+ /m).slice(1);
  return {
    headings: parts.map((part) => part.split('\n', 1)[0]!),
    code: parts.map((part) => (part.match(/`[^`]+`/g) ?? []).sort()),
  };
}

suite("the findings' pages", () => {
  for (const language of pageLanguages) {
    const translated = JSON.parse(
      readFileSync(`l10n/bundle.l10n.${language}.json`, 'utf8'),
    ) as Record<string, string>;

    for (const { code, title } of checks) {
      test(`${code} in ${language} has the parts and the code of the English one`, () => {
        const english = partsOf(pageOfFinding(code, 'en'));
        const other = partsOf(pageOfFinding(code, language));
        assert.equal(other.headings.length, english.headings.length);
        assert.deepEqual(other.code, english.code);
        assert.equal(other.headings[0], translated[title]);
        for (const heading of other.headings.slice(1)) {
          assert.ok(!english.headings.includes(heading), heading);
        }
      });
    }

    test(`none in ${language} is of a code that is gone`, () => {
      const folder = dirname(pageOfFinding('x', language));
      const known = new Set(checks.map(({ code }) => `${code}.md`));
      assert.deepEqual(
        readdirSync(folder).filter((name) => !known.has(name)),
        [],
      );
    });
  }

  test('a language without pages gets the English ones', () => {
    assert.equal(pageOfFinding('endpoint-stale', 'zh-CN'), 'docs/findings/zh-cn/endpoint-stale.md');
    assert.equal(pageOfFinding('endpoint-stale', 'de'), 'docs/findings/endpoint-stale.md');
    assert.equal(pageOfFinding('endpoint-stale', 'zh-tw'), 'docs/findings/endpoint-stale.md');
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { suite, test } from 'mocha';

interface Said {
  readonly place: string;
  readonly text: string;
}

/** Commands, options, rules and messages of ICMP stay as they are in every language. */
const commands =
  /`[^`]*`|"[^"]*"|\b(?:ip (?:-6 )?(?:addr|route|rule|link|neigh)(?: show(?: [\w-]+)*)?|nft list ruleset|ipvsadm -Ln|ipset save|iptables-save|ip6tables-save|conntrack -L|sysctl -a|jump [\w-]+|numgen random mod|ICMP(?:v6)? [a-z ]+(?=[),]))\b/g;

/** Two words of plain English in a row: nothing of our own text has a vowel without an accent. */
const english = /(?<![\w./:@-])[a-z']*[aeiouy][a-z']* [a-z']*[aeiouy][a-z']*(?![\w./:@=-])/;

function slipped(said: readonly Said[]): readonly string[] {
  return said
    .filter(({ text }) => english.test(text.replace(commands, '')))
    .map(({ place, text }) => `${place}: ${text}`);
}

suite('texts of core in another language', () => {
  test('an English text is found', () => {
    const text = (text: string) => ({ place: '', text });
    assert.equal(slipped([text('kúbé-próxý rúns here too ás')]).length, 1);
    assert.equal(slipped([text('ráíséd bý `ip addr` ánd ip addr, ín ipvs módé')]).length, 0);
  });

  test('findings, answers, reports, flows, broken dumps and clusters that fail: all is translated', function () {
    this.timeout(120_000);
    const folders = [
      'samples/kubernetes-1.20-iptables/node-a',
      'samples/kubernetes-1.36-iptables/node-a',
      'samples/kubernetes-1.36-ipvs/node-a',
      'samples/kubernetes-1.36-nftables/node-a',
    ];
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', 'test/l10n/pseudo.ts', ...folders],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    const said = JSON.parse(output) as Said[];
    assert.ok(said.length > 5_000, `${said.length} texts`);
    assert.deepEqual(slipped(said), []);
  });
});

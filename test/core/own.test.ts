import assert from 'node:assert/strict';
import { describeValue } from '../../src/core/describe/values';
import { chainKind } from '../../src/core/kubeproxy/chainKind';
import { own } from '../../src/core/own';
import { nftRuleset } from '../../src/syntax/nft/ruleset/ruleset';

/** What a plain look-up finds in every literal. */
const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

suite('names from outside that every object has', () => {
  for (const name of names) {
    test(`${name} is nothing known`, () => {
      assert.equal(own({ tcp: 6 }, name), undefined);
      assert.deepEqual(describeValue('--ctstate', name), []);
      assert.deepEqual(describeValue(name, name), []);
      assert.equal(chainKind(name, 'nat'), undefined);
      assert.doesNotThrow(() => chainKind('KUBE-MARK-MASQ', name));
    });

    test(`${name} as a word of nft: the rule is read, what it asks is not guessed`, () => {
      const lines = [
        `limit rate 5/${name} drop`,
        `${name}`,
        `reject with icmp ${name}`,
        `reject with icmpx ${name}`,
        `meta ${name} 5 drop`,
        `ct ${name} 5 drop`,
        `ip ${name} 5 drop`,
        `fib ${name} type local drop`,
        `tcp ${name} 5 drop`,
      ];
      const text = `table ip ${name} {\n\tchain ${name} {\n\t\ttype filter hook input priority ${name}; policy ${name};\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n}\n`;
      const { tables } = nftRuleset('x', text);
      const chain = tables[0]!.chains.get(name)!;
      assert.equal(chain.length, lines.length);
      for (let i = 0; i < chain.length; i++) {
        const { statements } = chain.rule(i);
        assert.doesNotMatch(JSON.stringify(statements), /native code|function/);
      }
    });
  }
});

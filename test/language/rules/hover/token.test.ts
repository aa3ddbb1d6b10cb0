import assert from 'node:assert/strict';
import { addressIn } from '../../../../src/language/rules/hover/addressHover';
import { formatNetwork } from '../../../../src/core/address';
import { markIn } from '../../../../src/language/rules/hover/markHover';
import { optionPlace, tokenAt, tokensOf } from '../../../../src/language/rules/hover/token';

/** The place of the token under `|`. */
function placeOf(marked: string) {
  const column = marked.indexOf('|');
  const tokens = tokensOf(marked.replace('|', ''));
  const at = tokenAt(tokens, column);
  return { text: tokens[at]?.text, ...optionPlace(tokens, at) };
}

suite('the word under the cursor', () => {
  test('options, values, and the match or target that they belong to', () => {
    assert.deepEqual(placeOf('-A X -m conntrack --ctstate NE|W,RELATED -j Y'), {
      text: 'NEW,RELATED',
      option: '--ctstate',
      extension: 'conntrack',
      value: 0,
    });
    assert.deepEqual(placeOf('-A X -m mark --mark 0x1 -j MARK --set-x|mark 0x4000/0x4000'), {
      text: '--set-xmark',
      option: '--set-xmark',
      extension: 'MARK',
      value: undefined,
    });
    assert.equal(placeOf('-A X -m comment --comment "a -j| b" -j Y').text, '"a -j b"');
    assert.equal(placeOf('-A X -m set --match-set KUBE-CLUSTER-IP ds|t,dst').value, 1);
    assert.equal(placeOf('-A X ! -s 10.0.0.0/8| -j Y').option, '-s');
    assert.equal(placeOf('-A X -m comment --comment "never clo|sed').text, '"never closed');
    assert.equal(placeOf('-A X --comment "a"|b').text, 'b');
    assert.equal(placeOf('   | ').text, undefined);
  });

  test('marks: hex anywhere, decimal where an option says mark', () => {
    const mark = (marked: string, option?: string) => {
      const found = markIn(marked.replace('|', ''), marked.indexOf('|'), option);
      return found && [found.value, found.mask];
    };
    assert.deepEqual(mark('0x40|00'), [0x4000, undefined]);
    assert.deepEqual(mark('0x4000/0xC0|00', '--set-xmark'), [0x4000, 0xc000]);
    assert.deepEqual(mark('163|84', '--mark'), [0x4000, undefined]);
    assert.deepEqual(mark('"marked 0x8|000 by kubelet"'), [0x8000, undefined]);
    assert.equal(mark('"mar|ked 0x8000 by kubelet"'), undefined);
    assert.equal(mark('4|43', '--dport'), undefined);
    assert.equal(mark('255|.255.255.255', '--mask'), undefined);
    assert.equal(mark('0x4000f0|0ba'), undefined);
    assert.equal(mark('KUBE-MARK|-MASQ'), undefined);
  });

  test('addresses in a token', () => {
    const found = (marked: string) => {
      const column = marked.indexOf('|');
      const address = addressIn(marked.replace('|', ''), column);
      return address && `${formatNetwork(address.network)} ${address.port ?? ''}`.trim();
    };
    assert.equal(found('10.96.0|.1/32'), '10.96.0.1/32');
    assert.equal(found('10.244.0.3:30|00'), '10.244.0.3/32 3000');
    assert.equal(found('[fd00:10:244:1::14|]:8130'), 'fd00:10:244:1::14/128 8130');
    assert.equal(found('fd00:10:96::|a/128'), 'fd00:10:96::a/128');
    assert.equal(found('10.0.0.0/255.|0.0.0'), '10.0.0.0/8');
    assert.equal(found('"default/whoami -> 10.244.0.3|:3000"'), '10.244.0.3/32 3000');
    assert.equal(found('"de|fault/whoami -> 10.244.0.3:3000"'), undefined);
    assert.equal(found('1.2.3.|400'), undefined);
    assert.equal(found('[12:|720]'), undefined);
  });
});

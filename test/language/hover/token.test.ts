import assert from 'node:assert/strict';
import { addressIn } from '../../../src/language/hover/addressHover';
import { formatNetwork } from '../../../src/core/address';
import { readMark } from '../../../src/language/hover/markHover';
import { optionPlace, tokenAt, tokensOf } from '../../../src/language/hover/token';

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
    assert.equal(placeOf('   | ').text, undefined);
  });

  test('marks: hex anywhere, decimal where an option says mark', () => {
    assert.deepEqual(readMark('0x4000', undefined), { value: 0x4000, mask: undefined });
    assert.deepEqual(readMark('0x4000/0xC000', '--set-xmark'), { value: 0x4000, mask: 0xc000 });
    assert.deepEqual(readMark('16384', '--mark'), { value: 0x4000, mask: undefined });
    assert.equal(readMark('443', '--dport'), undefined);
    assert.equal(readMark('255.255.255.255', '--mask'), undefined);
    assert.equal(readMark('0x4000f00ba', undefined), undefined);
    assert.equal(readMark('KUBE-MARK-MASQ', undefined), undefined);
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

import assert from 'node:assert/strict';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';

const range = '1.0.0.1-1.255.255.254';

function read(type: string, parts: number, lines: number) {
  const element = `add S ${Array.from({ length: parts }, () => range).join()}\n`;
  const { value, findings } = parseIpsetSave(`create S ${type}\n${element.repeat(lines)}`, 'sets');
  return { entries: value.get('S')!.entries, findings };
}

suite('ranges of addresses in an ipset', () => {
  test('two in one element come to the networks of both, as in the kernel', () => {
    const { entries, findings } = read('hash:net,net', 2, 1);
    assert.equal(entries.length, 46 * 46);
    assert.deepEqual(findings, []);
  });

  test('more than a type of the kernel takes are not multiplied out: what they hold is unknown', () => {
    const { entries, findings } = read('hash:ip,ip,ip,ip,ip', 5, 1);
    assert.ok(entries.length <= 4096, `${entries.length} elements`);
    assert.ok(entries.at(0)!.parts.some(({ kind }) => kind === 'other'));
    assert.equal(findings[0]?.code, 'ipset-element-ranges');
  });

  test('all lines together come to so many elements and no more', () => {
    const { entries, findings } = read('hash:net,net', 2, 300);
    assert.ok(entries.length < 600_000, `${entries.length} elements`);
    assert.ok(findings.length > 0);
  });
});

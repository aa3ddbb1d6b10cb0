import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { parseProbability } from '../../../src/syntax/iptables/matches/counting';
import {
  parseAddressRange,
  parseDirections,
  parseInterval,
  parseMasked,
  parseNumber,
  parsePorts,
  parseProtocol,
} from '../../../src/syntax/iptables/values';

suite('values of iptables', () => {
  test('numbers in the three bases of strtoul, of 32 bits', () => {
    assert.deepEqual(
      ['0', '16384', '0x4000', '0X4000', '040000', '4294967295'].map(parseNumber),
      [0, 16384, 16384, 16384, 16384, 4294967295],
    );
    for (const none of ['', '-1', '1.5', '08', '0x', '0xg', '4294967296', '1 ', 'http', '0b1']) {
      assert.equal(parseNumber(none), undefined, none);
    }
  });

  test('a mark with its mask, without one all bits', () => {
    assert.deepEqual(parseMasked('0x4000/0xc000'), { value: 0x4000, mask: 0xc000 });
    assert.deepEqual(parseMasked('5'), { value: 5, mask: 0xffffffff });
    assert.deepEqual(parseMasked('5', 0xff), { value: 5, mask: 0xff });
    for (const none of ['/', '5/', '/5', 'x/5', '5/x', '']) {
      assert.equal(parseMasked(none), undefined, none);
    }
  });

  test('ports: one, from and to, an end left out', () => {
    assert.deepEqual(parsePorts('80'), { from: 80, to: 80 });
    assert.deepEqual(parsePorts('0:65535'), { from: 0, to: 65535 });
    assert.deepEqual(parsePorts('30000:32767'), { from: 30000, to: 32767 });
    assert.deepEqual(parsePorts(':1023'), { from: 0, to: 1023 });
    assert.deepEqual(parsePorts('1024:'), { from: 1024, to: 65535 });
    assert.deepEqual(parsePorts('http'), { from: 80, to: 80 });
    assert.deepEqual(parsePorts('http:https'), { from: 80, to: 443 });
    for (const none of ['65536', '1:65536', '65536:', 'nosuchport', '1:nosuchport', 'nosuch:1']) {
      assert.equal(parsePorts(none), undefined, none);
    }
  });

  test('an interval up to its largest value, both ends of which count', () => {
    assert.deepEqual(parseInterval('0-255', '-', 255), { from: 0, to: 255 });
    assert.deepEqual(parseInterval('255', '-', 255), { from: 255, to: 255 });
    assert.equal(parseInterval('256', '-', 255), undefined);
    assert.equal(parseInterval('0-256', '-', 255), undefined);
    assert.deepEqual(parseInterval('255-255', '-', 255), { from: 255, to: 255 });
    assert.equal(parseInterval('1:2', '-', 255), undefined);
  });

  test('a range of addresses of one family', () => {
    const shown = (text: string) => {
      const range = parseAddressRange(text);
      return range && `${formatAddress(range.from)} ${formatAddress(range.to)}`;
    };
    assert.equal(shown('10.0.0.1-10.0.0.9'), '10.0.0.1 10.0.0.9');
    assert.equal(shown('10.0.0.1'), '10.0.0.1 10.0.0.1');
    assert.equal(shown('fd00::1-fd00::2'), 'fd00::1 fd00::2');
    for (const none of ['10.0.0.1-fd00::1', '10.0.0.1-', '-10.0.0.1', '10.0.0.256', '']) {
      assert.equal(shown(none), undefined, none);
    }
  });

  test('the directions of a set: words of two, each of them', () => {
    assert.deepEqual(parseDirections('src'), ['src']);
    assert.deepEqual(parseDirections('dst,src,src'), ['dst', 'src', 'src']);
    for (const none of ['', 'up', 'src,up', 'up,dst', 'src,', 'SRC']) {
      assert.equal(parseDirections(none), undefined, none);
    }
  });

  test('protocols by name and by number of 8 bits', () => {
    assert.deepEqual(['tcp', '6', '255', 'icmp'].map(parseProtocol), [6, 6, 255, 1]);
    assert.equal(parseProtocol('256'), undefined);
    assert.equal(parseProtocol('nosuch'), undefined);
  });

  test('a probability from 0 to 1', () => {
    assert.deepEqual(['0', '1', '0.5', '.5', '1.00000'].map(parseProbability), [0, 1, 0.5, 0.5, 1]);
    for (const none of ['1.1', '2', '-0.5', '0.', '5e-1', '', 'x0.5', '0.5x']) {
      assert.equal(parseProbability(none), undefined, none);
    }
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { finish } from '../../../src/core/work';
import { elementsWith } from '../../../src/syntax/nft/ruleset/elementsWith';
import { listingOf } from '../../language/nft/listing';

const text = `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.10 . tcp . 53 : goto service-A,
			     10.96.0.10 . udp . 53 : goto service-B, 10.96.0.1 . tcp . 443 : goto service-C }
	}
	chain a {
		ip daddr 10.96.0.10 drop
	}
}
`;

function found(part: string, most = 100): string[] {
  const { source, lines, blocks } = listingOf(text);
  return blocks.tables[0]!.blocks.flatMap((block) =>
    finish(elementsWith(part, { source, lines, block }, most)).map(
      ({ line, start, end }) => `${line}: ${lines.line(line).slice(start, end)}`,
    ),
  );
}

suite('elements of sets and maps by a part of them', () => {
  test('an address in every line of them, and in no rule', () => {
    assert.deepEqual(found('10.96.0.10'), [
      '3: 10.96.0.10 . tcp . 53 : goto service-A',
      '4: 10.96.0.10 . udp . 53 : goto service-B',
    ]);
  });

  test('one element once, though it holds the part twice; several of a line', () => {
    assert.deepEqual(found('10.96.0.1'), [
      '3: 10.96.0.10 . tcp . 53 : goto service-A',
      '4: 10.96.0.10 . udp . 53 : goto service-B',
      '4: 10.96.0.1 . tcp . 443 : goto service-C',
    ]);
    assert.deepEqual(found('e'), found(' . '));
  });

  test('no more than are asked for', () => {
    assert.equal(found('10.96', 2).length, 2);
    assert.deepEqual(found('10.97'), []);
  });
});

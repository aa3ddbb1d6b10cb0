import assert from 'node:assert/strict';
import { formatAddress } from '../../src/core/address';
import {
  formatPacket,
  parsePacket,
  parsePacketEnd,
  parsePacketTarget,
} from '../../src/core/packetText';

function end(text: string): string | undefined {
  const found = parsePacketEnd(text);
  return found && `${formatAddress(found.address)} ${found.port ?? '-'}`;
}

function target(text: string): string | undefined {
  const found = parsePacketTarget(text);
  return found && `${formatAddress(found.address)} ${found.port ?? '-'} ${found.protocol}`;
}

suite('packetText', () => {
  test('addresses with and without a port, of both families', () => {
    assert.equal(end('10.244.1.7'), '10.244.1.7 -');
    assert.equal(end('10.244.1.7:40000'), '10.244.1.7 40000');
    assert.equal(end('fd00::1'), 'fd00::1 -');
    assert.equal(end('[fd00::1]:80'), 'fd00::1 80');
    for (const text of ['', '10.244.1', '10.0.0.1:', '10.0.0.1:65536', 'fd00::1]:80', 'x:1']) {
      assert.equal(end(text), undefined, text);
    }
  });

  test('a target needs a port unless it is a ping', () => {
    assert.equal(target('10.96.0.10:53/udp'), '10.96.0.10 53 17');
    assert.equal(target('10.96.0.1:443'), '10.96.0.1 443 6');
    assert.equal(target('10.96.0.1/icmp'), '10.96.0.1 - 1');
    assert.equal(target('fd00::1/ICMP'), 'fd00::1 - 58');
    assert.equal(target('10.96.0.1'), undefined);
    assert.equal(target('10.96.0.1:80/gre'), undefined);
  });

  test('names that every object has are no protocols', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
      assert.equal(parsePacketTarget(`10.96.0.1:80/${name}`), undefined, name);
      assert.equal(parsePacket(`10.0.0.1 > 10.96.0.1:80/${name}`), undefined, name);
    }
  });

  test('a whole packet reads as it is printed', () => {
    for (const text of [
      '10.244.0.9 > 10.96.0.10:53/udp in cni0',
      '10.244.0.9:1 > 10.96.0.10/icmp',
      '[fd00::1]:5 > [fd00::2]:80/tcp in eth0',
      'fd00::1 > fd00::2/ipv6-icmp',
      '192.168.50.10 > 10.96.0.1:443/tcp bound eth1',
      'fd00::1 > [fd00::2]:80/tcp in eth0 with hop-by-hop,routing:4:1,fragment:185,destination,ah:256',
      'fd00::1 > [fd00::2]:80/tcp with fragment:0+',
      'fd00::1 > [fd00::2]:80/tcp with fragment',
    ]) {
      const packet = parsePacket(text);
      assert.ok(packet, text);
      assert.equal(formatPacket(packet), text);
    }
    for (const text of [
      '',
      '10.0.0.1',
      '10.0.0.1 > fd00::1/icmp',
      'a > b',
      'kube-system/dns/UDP',
      '10.0.0.1 > 10.0.0.2:80/tcp in',
      '10.0.0.1 > 10.0.0.2:80/tcp by eth0',
      '10.0.0.1 > 10.0.0.2:80/tcp in a in b',
      '10.0.0.1 > 10.0.0.2:80/tcp in a bound b',
      '10.0.0.1 > 10.0.0.2:80/tcp with fragment',
      'fd00::1 > [fd00::2]:80/tcp with hop-by-hop:5',
      'fd00::1 > [fd00::2]:80/tcp with nonsense',
      'fd00::1 > [fd00::2]:80/tcp with fragment:9000',
    ]) {
      assert.equal(parsePacket(text), undefined, text);
    }
  });
});

import assert from 'node:assert/strict';
import { statementInWords } from '../../../src/core/describe/nft/statement';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

function sentence(statement: string): string {
  const listing = `table ip t {\n\tchain c {\n\t\t${statement}\n\t}\n}\n`;
  const { statements } = nftRuleset('listing', listing).tables[0]!.chains.get('c')!.rule(0);
  return statements.map(statementInWords).join(' ');
}

const sentences: Readonly<Record<string, string>> = {
  'tcp dport 80': 'Matches if the tcp destination port is 80.',
  'tcp dport != 80': 'Matches if the tcp destination port is not 80.',
  'tcp dport < 1024': 'Matches if the tcp destination port is below 1024.',
  'tcp dport >= 1024': 'Matches if the tcp destination port is at least 1024.',
  'tcp dport 1000-2000': 'Matches if the tcp destination port is 1000 to 2000.',
  'tcp dport { 22, 80-90 }': 'Matches if the tcp destination port is in the 2 elements in braces.',
  'tcp dport != @ports': 'Matches if the tcp destination port is not in @ports.',
  'ip saddr 10.0.0.0/8': 'Matches if the source address is 10.0.0.0/8.',
  'ip saddr 10.0.0.1-10.0.0.9': 'Matches if the source address is 10.0.0.1 to 10.0.0.9.',
  'ip daddr . tcp dport @services':
    'Matches if the destination address and the tcp destination port are together in @services.',
  'iifname "cni*"': 'Matches if the incoming device is a device whose name begins with cni.',
  'oifname "eth0"': 'Matches if the outgoing device is eth0.',
  'meta l4proto tcp': 'Matches if the protocol is tcp.',
  'meta l4proto { tcp, udp }': 'Matches if the protocol is in the 2 elements in braces.',
  'meta nfproto ipv4': 'Matches if the IP version is IPv4.',
  'meta mark 0x4000': 'Matches if the packet mark is 0x00004000.',
  'meta mark & 0x4000 == 0x4000': 'Matches if the bits 0x00004000 of the packet mark are all set.',
  'meta mark & 0x4000 != 0x0': 'Matches if any of the bits 0x00004000 of the packet mark is set.',
  'meta mark & 0xc000 == 0x8000':
    'Matches if the bits 0x0000c000 of the packet mark are 0x00008000.',
  'meta skuid 1000': "Matches if the sending socket's user is 1000.",
  'ip protocol icmp': 'Matches if the protocol is icmp.',
  'ip ttl 5': 'Matches if ip ttl is 5.',
  'ip dscp ef': 'Matches if ip dscp is 46.',
  'ct state new': "Matches if the connection's state is new.",
  'ct state established,related': "Matches if the connection's state is established or related.",
  'ct status dnat': "Matches if the connection's status is dnat.",
  'ct mark 0x1': "Matches if the connection's mark is 1.",
  'ct original ip saddr 10.0.0.1':
    'Matches if the source address of the original direction is 10.0.0.1.',
  'fib daddr type local':
    'Matches if the type that the routes give the destination address is local.',
  'fib saddr . iif oif missing': 'Matches if there is no route for saddr, iif.',
  'fib saddr . iif oif exists': 'Matches if there is a route for saddr, iif.',
  'fib daddr . iif type != { local, broadcast }':
    'Matches if the type that the routes give the destination address and iif is not in the 2 elements in braces.',
  'fib daddr type 9': 'Matches if the type that the routes give the destination address is 9.',
  'meta mark 70000-70001': 'Matches if the packet mark is 70000 to 70001.',
  'meta skuid 70000': "Matches if the sending socket's user is 0x00011170.",
  'iifname . oifname vmap { "a" . "b" : drop }':
    'Looks the incoming device and the outgoing device up in the one element in braces and does what its element says; without one the rule does not match.',
  'th dport 53': 'Matches if the destination port is 53.',
  'ip6 nexthdr udp': 'Matches if the protocol is udp.',
  'ip6 daddr fd00::1': 'Matches if the destination address is fd00::1.',
  'ether saddr 02:00:00:00:00:01': 'Matches if the ether source address is 02:00:00:00:00:01.',
  'ct mark != 0x10000': "Matches if the connection's mark is not 0x00010000.",
  'ct reply proto-dst 80': 'Matches if ct proto-dst of the reply direction is 80.',
  'meta mark & 0xc000 != 0x8000':
    'Matches if the bits 0x0000c000 of the packet mark are not 0x00008000.',
  'meta mark & 0xc000 == 0x0': 'Matches if none of the bits 0x0000c000 of the packet mark is set.',
  'meta mark & 0x4000 != 0x4000':
    'Matches if the bits 0x00004000 of the packet mark are not all set.',
  'tcp dport <= 1024': 'Matches if the tcp destination port is at most 1024.',
  'tcp dport > 1024': 'Matches if the tcp destination port is above 1024.',
  'meta mark set meta mark ^ 0x4000':
    'Sets the packet mark to the packet mark with the bits 0x00004000 turned over.',
  'meta mark set ct mark': "Sets the packet mark to the connection's mark.",
  'numgen random mod 3 0': 'Matches if a random number from 0 to 2 is 0.',
  'numgen inc mod 3 0': 'Matches if a number counted up from 0 to 2 is 0.',
  'jhash ip saddr mod 4 0': 'Matches if a hash of the source address modulo 4 is 0.',
  'symhash mod 4 0': 'Matches if a hash of the flow modulo 4 is 0.',
  'counter packets 3 bytes 180':
    'Counts what comes so far: 3 packets, 180 bytes at the time of the dump.',
  'counter name "c"': 'Counts in the object c of the table.',
  'quota over 100 mbytes': 'Matches once more than 104857600 bytes have come so far (0 were used).',
  'quota 100 mbytes': 'Matches up to 104857600 bytes have come so far (0 were used).',
  'limit rate 10/second': 'Matches at most 10/second burst 5; how full the bucket is, is unknown.',
  'limit rate over 10/second':
    'Matches what is above 10/second burst 5; how full the bucket is, is unknown.',
  'limit name "l"': 'Matches as the limit l of the table says, which all rules that name it share.',
  'meta mark set 0x5': 'Sets the packet mark to 5.',
  'meta mark set meta mark | 0x4000':
    'Sets the packet mark to the packet mark with the bits 0x00004000 set.',
  'meta mark set meta mark & 0xffffbfff':
    'Sets the packet mark to the packet mark, of which only the bits 0xffffbfff are kept.',
  'ct mark set meta mark': "Sets the connection's mark to the packet mark.",
  'ip daddr vmap { 10.0.0.1 : drop }':
    'Looks the destination address up in the one element in braces and does what its element says; without one the rule does not match.',
  'add @s { ip saddr }': 'Adds the source address in @s; a full set ends the rule.',
  'update @s { ip saddr timeout 10s }':
    'Adds or renews the source address in @s for 10 seconds; a full set ends the rule.',
  'delete @s { ip saddr }': 'Takes the source address out of @s.',
  accept: 'Accepts: ends this base chain. Base chains of later priority still see the packet.',
  drop: 'Drops the packet, whatever other tables say.',
  return: 'Goes back to the rule behind the jump; in a base chain its policy decides.',
  continue: 'Decides nothing: the rule goes on.',
  'jump other':
    'Goes on in chain other; what no rule there decides comes back to the next rule here.',
  'goto other': 'Goes on in chain other and does not come back here.',
  'queue to 3': 'Hands the packet to a program; without one it is dropped.',
  'queue flags bypass to 3': 'Hands the packet to a program; without one it is accepted.',
  reject: 'Drops the packet and answers with ICMP port-unreachable.',
  'reject with tcp reset': 'Drops the packet and answers with a TCP reset.',
  'reject with icmp port-unreachable': 'Drops the packet and answers with ICMP port-unreachable.',
  notrack:
    'Leaves the packet out of connection tracking: nat does not see it, and ct state is untracked.',
  'ct zone set 5': 'Sets ct zone to 5.',
  masquerade: 'Gives the packet the address of the outgoing device as source.',
  'masquerade fully-random':
    'Gives the packet the address of the outgoing device as source. The source port is chosen at random.',
  redirect: 'Sends the packet to this node itself.',
  'redirect to :8080': 'Sends the packet to this node itself, port 8080.',
  'snat to 10.0.0.1': 'Changes the source to 10.0.0.1.',
  'snat to 10.0.0.1-10.0.0.9 persistent': 'Changes the source to 10.0.0.1 to 10.0.0.9.',
  'dnat to 10.0.0.1:8080': 'Changes the destination to 10.0.0.1, port 8080.',
  'dnat to ip saddr map { 10.0.0.1 : 10.0.0.2 }':
    'Changes the destination to what the one element in braces has for the source address.',
  'log prefix "x" group 3': 'Logs the packet (prefix "x" group 3) and goes on.',
  'log prefix "x"': 'Logs the packet (prefix "x") and goes on.',
  'tproxy to 127.0.0.1:15001':
    'Hands the packet to a local socket; without one the rule does not match.',
  'fwd to "eth1"': 'Sends the frame out of another device at once.',
  'frobnicate 7': 'Not understood here: frobnicate 7. It may test, change or decide anything.',
  'xt match "recent"':
    'A condition that nft cannot print (xt match "recent"): iptables-save shows what it tests.',
};

suite('each statement of nft in words', () => {
  for (const [statement, words] of Object.entries(sentences)) {
    test(statement, () => assert.equal(sentence(statement), words));
  }
});

import assert from 'node:assert/strict';
import { describeRule } from '../../../src/core/describe/rule';
import { readDump } from '../kubeproxy/dump';

function sentence(rule: string): string {
  const table = readDump(`*mangle\n-A PREROUTING ${rule}\nCOMMIT\n`).tables.get('mangle')!;
  return describeRule(table.chains.get('PREROUTING')!.rule(0));
}

/** Who is meant by a rule that accepts. */
const matches: Readonly<Record<string, string>> = {
  '! -p tcp': 'is not tcp',
  '! -s 10.0.0.0/8 ! -d 10.0.0.1/32': 'does not come from 10.0.0.0/8 and does not go to 10.0.0.1',
  '-i eth0 -o cni+': 'came in by eth0 and leaves by a device whose name begins with cni',
  '! -i eth0 ! -o eth1': 'did not come in by eth0 and does not leave by eth1',
  '-f': 'is a second or later fragment',
  '! -f': 'is no later fragment',
  '-p tcp -m tcp --sport 1000:2000 ! --dport 80':
    'is tcp, comes from port 1000 to 2000 and does not go to port 80',
  '-p tcp -m tcp --tcp-flags SYN,ACK SYN':
    'is tcp and of the flags SYN and ACK has exactly SYN set',
  '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN':
    'is tcp and not so that it of the flags FIN, SYN, RST and ACK has exactly SYN set',
  '-p tcp -m tcp --tcp-flags FIN,ACK NONE':
    'is tcp and of the flags FIN and ACK has exactly none set',
  '-p icmp -m icmp --icmp-type 8': 'is icmp and is of icmp type 8',
  '-p icmp -m icmp ! --icmp-type 3/1': 'is icmp and is not of icmp type 3 code 1',
  '-m set --match-set S src,dst': 'is in set S (src,dst)',
  '-m set ! --match-set S dst --return-nomatch': 'is not in set S (dst) as a nomatch element',
  '-p tcp -m multiport --dports 22,80:90':
    'is tcp and has a destination port that is 22 or 80 to 90',
  '-p tcp -m multiport ! --sports 22': 'is tcp and has a source port that is not 22',
  '-p tcp -m multiport --ports 22': 'is tcp and has a source or destination port that is 22',
  '-m statistic --mode random ! --probability 0.25':
    'is chosen by chance (75 % of those that come this far)',
  '-m statistic --mode nth --every 3 --packet 0': 'is one of every 3 that come this far',
  '-m recent --update --seconds 60 --hitcount 4 --name L --mask 255.255.255.255 --rsource':
    'has a source that was seen on list L at least 4 times within the last 60 s; the time of its source on list L is renewed',
  '-m recent ! --rcheck --name L --mask 255.255.255.255 --rdest':
    'has a destination that was not seen on list L',
  '-m recent --remove --name L --mask 255.255.255.255 --rsource':
    'has a source that was seen on list L; its source is removed from list L',
  '-m recent --set --name L --mask 255.255.255.255 --rdest':
    'Every packet; its destination is put on list L',
  '-m limit --limit 3/min --limit-burst 7': 'stays within the rate 3/min burst 7',
  '-m hashlimit --hashlimit-above 10/sec --hashlimit-name x':
    'exceeds the rate --hashlimit-above 10/sec --hashlimit-name x',
  '-m hashlimit --hashlimit-upto 10/sec --hashlimit-name x':
    'stays within the rate --hashlimit-upto 10/sec --hashlimit-name x',
  '-m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 10.1.0.1-10.1.0.9':
    'comes from 10.0.0.1 to 10.0.0.9 and goes to outside 10.1.0.1 to 10.1.0.9',
  '-m owner --uid-owner 0-99 ! --gid-owner 7':
    'was sent by a process whose user id is 0 to 99 and was sent by a process whose group id is not 7',
  '-m owner --socket-exists': 'belongs to a socket',
  '-m owner ! --socket-exists': 'belongs to no socket',
  '-m physdev --physdev-in veth0 ! --physdev-out veth1':
    'came in by bridge port veth0 and does not leave by bridge port veth1',
  '-m physdev --physdev-is-in ! --physdev-is-out --physdev-is-bridged':
    'came in by a bridge port, does not leave by a bridge port and is bridged',
  '-m physdev ! --physdev-is-bridged': 'is not bridged',
  '-m rpfilter --loose': 'passes the reverse path test (by any device)',
  '-m rpfilter --invert': 'fails the reverse path test',
  '-m socket --transparent': 'belongs to an open transparent socket',
  '-m tos --tos 0x10/0x3f': 'has a TOS byte whose bits 0x3f are 0x10',
  '-m tos ! --tos 0x10/0x3f': 'has a TOS byte whose bits 0x3f are not 0x10',
  '-m dscp --dscp 0x2e': 'has a DSCP that is 46',
  '-m ttl --ttl-lt 5': 'has a TTL that is less than 5',
  '-m ttl --ttl-gt 5': 'has a TTL that is greater than 5',
  '-m ttl --ttl-eq 5': 'has a TTL that is 5',
  '-m length --length 0:100': 'is 0 to 100 bytes long',
  '-m length ! --length 100': 'is not 100 bytes long',
  '-m pkttype --pkt-type broadcast': 'is broadcast on the link',
  '-m mac --mac-source 02:00:00:00:00:01': 'comes from MAC address 02:00:00:00:00:01',
  '-m mac ! --mac-source 02:00:00:00:00:01': 'does not come from MAC address 02:00:00:00:00:01',
  '-m ipvs --ipvs': 'belongs to an IPVS connection',
  '-m ipvs ! --ipvs': 'belongs to no IPVS connection',
  '-m ipvs --vproto 6 --vaddr 10.96.0.1/32 --vport 443 --vdir ORIGINAL --vmethod MASQ':
    'belongs to an IPVS connection whose protocol is tcp, whose virtual address is 10.96.0.1, whose virtual port is 443, whose direction is original and whose forwarding method is MASQ',
  '-m conntrack --ctstate NEW,DNAT': 'is in conntrack state NEW or DNAT',
  '-m conntrack ! --ctstate INVALID --ctstatus ASSURED':
    'is not in conntrack state INVALID and has a connection whose status is ASSURED',
  '-m conntrack --ctproto 6 --ctorigsrc 10.0.0.0/8 ! --ctorigdst 10.0.0.1':
    'has a connection whose protocol is tcp, has a connection whose original source is 10.0.0.0/8 and has a connection whose original destination is not 10.0.0.1',
  '-m conntrack --ctorigsrcport 1:9 --ctreplsrcport 80 --ctdir REPLY':
    'has a connection whose original source port is 1 to 9, has a connection whose reply source port is 80 and flows in the reply direction of its connection',
  '-m conntrack --ctexpire 1:60': 'has a connection that expires in 1 to 60 s',
  '-m addrtype --src-type LOCAL ! --dst-type LOCAL,BROADCAST --limit-iface-in':
    'comes from an address of this node (LOCAL) of the incoming device and goes to anything but a LOCAL or BROADCAST address of the incoming device',
  '-m addrtype --dst-type UNICAST --limit-iface-out':
    'goes to a UNICAST address of the outgoing device',
  '-m mark ! --mark 0x1/0x3': 'has a mark where (mark & 0x3) is not 0x1',
  '-m connmark --mark 0x80/0x80': "has a connection's mark where bit 7 is 1",
  '-m devgroup --src-group 0x5 ! --dst-group 0x6/0xf':
    'comes in by a device of group 0x5 and leaves by no device of group 0x6/0xf',
  '-m devgroup ! --src-group 0x5': 'comes in by no device of group 0x5',
  '-m devgroup --dst-group 0x5': 'leaves by a device of group 0x5',
  '-m helper --helper ftp': 'belongs to a connection that ftp expected',
  '-m helper ! --helper ftp': 'belongs to no connection that ftp expected',
  '-m helper --helper ""': 'belongs to a connection that a conntrack helper expected',
  '-m realm --realm 0x5': 'has a route whose realm is 0x5',
  '-m realm ! --realm 0x5/0xff': 'has a route whose realm is not 0x5/0xff',
  '-m ttl ! --ttl-eq 5': 'has a TTL that is not 5',
  '-m dscp ! --dscp 0x2e': 'has a DSCP that is not 46',
  '-m pkttype ! --pkt-type broadcast': 'is not broadcast on the link',
  '-m rpfilter': 'passes the reverse path test',
  '-m rpfilter --loose --invert': 'fails the reverse path test (by any device)',
  '-m socket': 'belongs to an open socket',
  '-m physdev ! --physdev-in veth0 --physdev-out veth+':
    'did not come in by bridge port veth0 and leaves by bridge port a device whose name begins with veth',
  '-m physdev ! --physdev-is-in --physdev-is-out':
    'did not come in by a bridge port and leaves by a bridge port',
  '-m owner ! --uid-owner 7 --gid-owner 0-99':
    'was sent by a process whose user id is not 7 and was sent by a process whose group id is 0 to 99',
  '-m iprange ! --src-range 10.0.0.1-10.0.0.9 --dst-range 10.1.0.1-10.1.0.1':
    'comes from outside 10.0.0.1 to 10.0.0.9 and goes to 10.1.0.1',
  '-m conntrack ! --ctproto 17 ! --ctreplsrc 10.0.0.0/8 --ctrepldst 10.0.0.1':
    'has a connection whose protocol is not udp, has a connection whose reply source is not 10.0.0.0/8 and has a connection whose reply destination is 10.0.0.1',
  '-m conntrack ! --ctorigdstport 80 --ctrepldstport 1:9 ! --ctexpire 60':
    'has a connection whose original destination port is not 80, has a connection whose reply destination port is 1 to 9 and has a connection that expires in other than 60 s',
  '-m conntrack ! --ctstatus ASSURED,SEEN_REPLY':
    'has a connection whose status is not ASSURED or SEEN_REPLY',
  '-m addrtype ! --src-type LOCAL': 'comes from anything but an address of this node (LOCAL)',
  '-m statistic --mode nth ! --every 3 --packet 0': 'is not one of every 3 that come this far',
  '-m set --match-set S src --packets-gt 5': 'is in set S (src) with --packets-gt 5',
  '-m limit --limit 3/min': 'stays within the rate 3/min burst 5',
  '-p udp -m udp ! --sport 53 --dport 53': 'is udp, does not come from port 53 and goes to port 53',
  '-p sctp -m sctp --dport 53 --chunk-types any INIT':
    'is sctp, goes to port 53 and satisfies sctp --chunk-types any INIT (not evaluated here)',
  '-m ipvs ! --vproto 6 ! --vport 443 --vportctl 21':
    'belongs to an IPVS connection whose protocol is not tcp, whose virtual port is not 443 and whose controlling port is 21',
  '-i + -o eth0': 'came in by any device and leaves by eth0',
  '-m nfacct --nfacct-name x': 'Every packet',
  '-p tcp -m comment --comment "a note"': 'is tcp',
  '-m u32 --u32 "0x0=0x0"': 'satisfies u32 --u32 "0x0=0x0" (not evaluated here)',
};

const targets: Readonly<Record<string, string>> = {
  '-j ACCEPT': 'Every packet is accepted: no further rule of this table is asked.',
  '-g elsewhere':
    'Every packet goes to chain elsewhere, and from its end not back here but to the caller of this chain.',
  '-j QUEUE': 'Every packet is handed to a program in user space.',
  '-j REJECT --reject-with icmp-port-unreachable':
    'Every packet is dropped, and its sender is told by icmp-port-unreachable.',
  '-j REJECT --reject-with tcp-reset':
    'Every packet is dropped, and its sender is told by tcp-reset.',
  '-j CONNMARK --set-xmark 0x80/0x80':
    "Every packet has its connection's mark changed: sets bit 7, keeps all others; goes on with the next rule.",
  '-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff':
    'Every packet has its mark saved in the connection (bits 0xff into 0xff); goes on with the next rule.',
  '-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff':
    "Every packet gets its connection's mark (bits 0xff into 0xff); goes on with the next rule.",
  '-j NETMAP --to 10.0.0.0/24':
    'Every packet has the network part of its address replaced by that of 10.0.0.0.',
  '-j CT --notrack': 'Every packet is left out of connection tracking, and so of NAT.',
  '-j CT --zone 5': 'Every packet gets connection tracking settings: --zone 5.',
  '-j AUDIT --type accept': 'Every packet is logged and goes on with the next rule.',
  '-j TRACE': 'Every packet is traced by the kernel from here on, and goes on with the next rule.',
  '-j TCPMSS --clamp-mss-to-pmtu':
    'Every packet has its TCP maximum segment size changed, and goes on with the next rule.',
  '-j CHECKSUM --checksum-fill':
    'Every packet has its checksum filled in, and goes on with the next rule.',
  '-j NFQUEUE --queue-num 3': 'Every packet is handed to a program in user space (--queue-num 3).',
  '-j NFQUEUE --queue-num 3 --queue-bypass':
    'Every packet is handed to a program in user space (--queue-num 3 --queue-bypass), or goes on with the next rule where none listens.',
  '-p tcp -j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1':
    'A packet that is tcp is handed to a local socket on 127.0.0.1, port 15001, and its mark changed: sets bit 0, keeps all others.',
  '-p tcp -j TPROXY --on-port 15001 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1':
    "A packet that is tcp is handed to a local socket on the incoming device's address, port 15001, and its mark changed: sets bit 0, keeps all others.",
  '-j SET --add-set S src':
    'Every packet has its source added to set S, and goes on with the next rule.',
  '-j SET --del-set S dst':
    'Every packet has its destination removed from set S, and goes on with the next rule.',
  '-j LOG --log-prefix "x "': 'Every packet is logged and goes on with the next rule.',
  '-j TTL --ttl-set 5':
    'Every packet has its TTL changed (--ttl-set 5), and goes on with the next rule.',
  '-j DSCP --set-dscp 0x2e':
    'Every packet has its DSCP changed (--set-dscp 0x2e), and goes on with the next rule.',
  '-j SNAT --to-source 10.0.0.1-10.0.0.9 --random --persistent':
    'Every packet has its source rewritten to 10.0.0.1 to 10.0.0.9, a random port and always the same for one client.',
  '-j DNAT --to-destination 10.0.0.1:80-90':
    'Every packet has its destination rewritten to 10.0.0.1, port 80 to 90.',
  '-j MASQUERADE --to-ports 1024-2048 --random-fully':
    'Every packet has its source rewritten to the address of the outgoing device, port 1024 to 2048, a fully random port.',
  '-p tcp -j REDIRECT --to-ports 8080':
    'A packet that is tcp is sent to this node itself, port 8080.',
  '-j REDIRECT': 'Every packet is sent to this node itself.',
};

suite('each match and each target in words', () => {
  for (const [match, words] of Object.entries(matches)) {
    test(match, () => {
      const said = sentence(`${match} -j ACCEPT`);
      const plain = said.replace(' is accepted: no further rule of this table is asked', '');
      assert.equal(plain.replace(/^A packet that |\.$/g, ''), words);
    });
  }

  for (const [target, words] of Object.entries(targets)) {
    test(target, () => assert.equal(sentence(target), words));
  }

  test('a line of which some could not be read says so', () => {
    assert.match(sentence('-p tcp --no-such-option 7 -j ACCEPT'), /it may ask or do more/);
  });
});

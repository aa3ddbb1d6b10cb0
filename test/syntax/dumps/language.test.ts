import assert from 'node:assert/strict';
import { languageOf } from '../../../src/syntax/dumps/language';

const addresses = '5: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default\n';

suite('the language of a text', () => {
  test('a dump from its first line on, or below a prompt', () => {
    assert.equal(languageOf(addresses), 'ip-address');
    assert.equal(languageOf(`\n[root@node1 ~]# ip addr\n${addresses}`), 'ip-address');
    assert.equal(languageOf('*nat\n:PREROUTING ACCEPT [0:0]\n'), 'iptables-save');
  });

  test('a post with prose above: the first dump with its command', () => {
    const prose =
      '【求助】Service 访问不通\n\n环境：CentOS 7.9\n问题：curl 超时\n\n1、查看 Service：\n';
    const services =
      '[root@node1 ~]# kubectl get svc\nNAME   TYPE\nweb    NodePort\n\n2、查看网卡：\n';
    assert.equal(languageOf(`${prose}${services}$ ip addr\n${addresses}`), 'ip-address');
    assert.equal(
      languageOf(`> Hello,\n> \n> it hangs.\n> \n> $ ip addr\n> ${addresses}`),
      'ip-address',
    );
  });

  test('prose that quotes a row is none: no command stands above it', () => {
    const row = 'default via 192.168.77.1 dev eth0';
    assert.equal(languageOf(`The route\nof the node\nis as it\nshould be:\n\n${row}\n`), undefined);
    assert.equal(languageOf('apiVersion: v1\nkind: Service\n'), undefined);
  });
});

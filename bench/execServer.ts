import { startApiServer } from '../test/cluster/server/apiServer';

/** A server of its own process, so that its work is not counted: 100 MB of rules for each exec. */
const line =
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y\n';
const block = Buffer.from(line.repeat(Math.ceil((1024 * 1024) / line.length)));

const server = await startApiServer({
  exec: () => async (session) => {
    const socket = session.accept();
    for (let megabytes = 0; megabytes < 100; megabytes++) {
      for (let at = 0; at < block.length; at += 32768) {
        session.stdout(block.subarray(at, at + 32768));
      }
      while (socket.bufferedAmount > 4 * 1024 * 1024) await new Promise(setImmediate);
    }
    session.succeed();
  },
});
process.send?.(server.url);
process.on('disconnect', () => process.exit());

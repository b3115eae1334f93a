// Preloaded into a peer that would listen on every interface: it listens on 127.0.0.1, and says on which port.
import { Server } from 'node:net';

const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  this.once('listening', () => console.error(`listening on port ${this.address().port}`));
  const callback = rest.find((each) => typeof each === 'function');
  return listen.call(this, { port: typeof port === 'object' ? port.port : port, host: '127.0.0.1' }, callback);
};

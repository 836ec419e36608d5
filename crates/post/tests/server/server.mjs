// A mail server whose behaviour is chosen by the recipient's name. It prints one JSON line for each event:
// {"port": n} once it listens, {"mail": {...}} for each accepted mail, {"cut": n} for each connection it cut.
import { readFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const [mode, key, certificate] = process.argv.slice(2);
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const failing = (code, text) => Object.assign(new Error(text), { responseCode: code });
const seen = new Map();
const nth = (name) => {
  seen.set(name, (seen.get(name) ?? 0) + 1);
  return seen.get(name);
};

const server = new SMTPServer({
  secure: mode === 'tls',
  // Without STARTTLS the server does not even offer it.
  disabledCommands: mode === 'clear' ? ['STARTTLS', 'AUTH'] : [],
  authOptional: mode === 'clear',
  authMethods: ['PLAIN', 'LOGIN'],
  key: key && readFileSync(key),
  cert: certificate && readFileSync(certificate),
  logger: false,
  socketTimeout: 20_000,
  onAuth(auth, session, done) {
    if (auth.username === 'regie' && auth.password === 'geheim') done(null, { user: auth.username });
    else done(failing(535, '5.7.8 authentication credentials invalid'));
  },
  onRcptTo(address, session, done) {
    const name = address.address.split('@')[0];
    if (name === 'druk' && nth(name) === 1) return done(failing(451, '4.7.1 greylisted, try again later'));
    if (name === 'vol') return done(failing(452, '4.2.2 mailbox full'));
    if (name === 'weg') return done(failing(550, '5.1.1 no such user'));
    if (name === 'traag') return setTimeout(done, 5_000);
    return done();
  },
  onData(stream, session, done) {
    const name = session.envelope.rcptTo[0].address.split('@')[0];
    if (name === 'knip' && nth(name) === 1) {
      // Gone in the middle of the mail, as a crashed server or a lost line is.
      stream.once('data', () => {
        say({ cut: 1 });
        socketOf(session).destroy();
      });
      return;
    }
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      if (name === 'spam') return done(failing(554, '5.7.1 message refused as spam'));
      say({
        mail: {
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map((to) => to.address),
          secure: session.secure,
          user: session.user ?? null,
          raw: Buffer.concat(parts).toString('utf8'),
        },
      });
      done();
    });
  },
});

const socketOf = (session) =>
  [...server.connections].find((connection) => connection.session.id === session.id)._socket;

server.on('error', () => {});
server.listen(0, '127.0.0.1', () => say({ port: server.server.address().port }));
// Ends with the test that started it, however that ends.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

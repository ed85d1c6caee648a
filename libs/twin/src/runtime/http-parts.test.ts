// However an answer is read, it is read once and whole.
import { Writable } from 'node:stream';
import { IncomingAnswer } from './http-parts';

const answerOf = (text: string): IncomingAnswer =>
  new IncomingAnswer({ status: 200, headers: {}, body: Buffer.from(text) }, undefined);

function sink() {
  const chunks: Buffer[] = [];
  const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) });
  const ended = new Promise<string>((resolve) =>
    stream.once('finish', () => resolve(Buffer.concat(chunks).toString())),
  );
  return { stream, ended };
}

describe.each(['', 'a body'])('IncomingAnswer of %j', (text) => {
  it('is piped, and says that it has ended', async () => {
    const [answer, { stream, ended }] = [answerOf(text), sink()];
    const end = new Promise((resolve) => answer.once('end', resolve));
    expect(answer.pipe(stream)).toBe(stream);
    expect(await ended).toBe(text);
    await end;
    expect(answer.complete).toBe(true);
  });

  it('is read by data events and as an iterable', async () => {
    const chunks: Buffer[] = [];
    const answer = answerOf(text).on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => answer.once('end', resolve));
    const iterated: Buffer[] = [];
    for await (const chunk of answerOf(text)) iterated.push(chunk as Buffer);
    expect([chunks, iterated].map((all) => Buffer.concat(all).toString())).toEqual([text, text]);
  });

  it('leaves the destination open where it is told to', async () => {
    const [answer, { stream }] = [answerOf(text), sink()];
    answer.pipe(stream, { end: false });
    await new Promise((resolve) => answer.once('end', resolve));
    expect(stream.writableEnded).toBe(false);
  });

  it('pipes nothing once it is destroyed', async () => {
    const [answer, { stream }] = [answerOf(text), sink()];
    answer.pipe(stream);
    answer.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.writableEnded).toBe(false);
  });
});

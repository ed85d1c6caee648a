import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { Pipeline } from './pipeline';

/** Both must pass: ours stands in for the package when dynalite is loaded. */
const PACKAGE = createRequire(require.resolve('dynalite'))('lazy') as typeof Pipeline;

describe.each([
  ['the package', PACKAGE],
  ['ours', Pipeline],
])('%s', (_name, Values) => {
  /** What is seen of three values and the end, in order. */
  function seen(through: (values: Pipeline, see: (what: string) => void) => void): string[] {
    const log: string[] = [];
    const see = (what: string): void => void log.push(what);
    const source = new EventEmitter();
    source.on('pipe', () => see('source told to stop'));
    through(new Values(source), see);
    for (const value of [1, 2, 3]) {
      see(`value ${value}`);
      source.emit('data', value);
    }
    see('end');
    source.emit('end');
    return log;
  }

  const VALUES = ['value 1', 'value 2', 'value 3', 'end'];

  it('joins all values, at the end', () => {
    const log = seen((values, see) => void values.join((all) => see(`joined ${all.join()}`)));
    expect(log).toEqual([...VALUES, 'source told to stop', 'joined 1,2,3']);
  });

  it('joins what was there before the first that fails the test, and stops the source', () => {
    const log = seen(
      (values, see) =>
        void values.takeWhile((value) => (value as number) < 2).join((all) => see(`joined ${all.join()}`)),
    );
    expect(log).toEqual([
      'value 1',
      'value 2',
      'source told to stop',
      'joined 1',
      'value 3',
      'source told to stop',
      'end',
    ]);
  });

  it('changes each value on its way, and says when all is through', () => {
    const log = seen((values, see) =>
      values.map((value) => void see(`changed ${value as number}`)).once('pipe', () => see('through')),
    );
    expect(log).toEqual([
      'value 1',
      'changed 1',
      'value 2',
      'changed 2',
      'value 3',
      'changed 3',
      'end',
      'source told to stop',
      'through',
    ]);
  });
});

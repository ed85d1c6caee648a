import { gunzipSync } from 'node:zlib';
import type { LogFile } from '@dr/event-log';
import { pageOf } from './page';
import { logOf } from './testing/logs';

const hostile = '</script><script>alert(1)</script><!--';
const log = logOf({ reasons: [hostile] }) as LogFile;
const page = (name = 'a.jsonl'): string =>
  pageOf({ script: `const x = ${JSON.stringify(hostile)};`, style: '' }, [{ name, log }], { assumptions: [hostile] });

test('the page holds the whole log', () => {
  const [, packed = ''] = /data-log="a.jsonl">([^<]*)</.exec(page()) ?? [];
  expect(JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString())).toEqual({ ...log });
});

test('nothing that a log, a name or a script says ends the element that it stands in', () => {
  const text = page(`"><img src=x onerror=alert(1)>${hostile}`);
  // What is known beside the log, the log, the player.
  expect(text.split('</script>')).toHaveLength(1 + 3);
  expect(text).not.toContain('<img');
  expect(text).not.toContain('alert(1)</script>');
});

test('what is known beside the log is JSON, whatever it says', () => {
  const [, about = ''] = /id="about">([^<]*)</.exec(page()) ?? [];
  expect(JSON.parse(about)).toEqual({ assumptions: [hostile] });
});

test('it loads nothing from anywhere', () => {
  expect(page()).toContain("default-src 'none'");
  expect(page()).not.toMatch(/(src|href)="?http/);
});

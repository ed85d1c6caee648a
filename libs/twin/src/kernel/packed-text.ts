// Text that is kept deflated until somebody asks for it.
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A string of one byte a character takes less memory than a small Buffer, which has an object of its own for its bytes. `level`: zlib's. */
export const packText = (text: string, level: number): string => deflateRawSync(text, { level }).toString('latin1');

export const unpackText = (packed: string): string => inflateRawSync(Buffer.from(packed, 'latin1')).toString('utf8');

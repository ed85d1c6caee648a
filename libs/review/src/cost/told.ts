// A stack of another team may hold what cannot be told, or what AWS would refuse: it costs one resource its price, not the answer.
import { InputError } from '@dr/contracts';
import { UnknownValueError } from '@dr/terraform-json';

/** What is read, or why it cannot be. Other errors pass. */
export function told<Value>(read: () => Value): { readonly value: Value } | { readonly why: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof UnknownValueError) return { why: `${error.unknown.path}: ${error.unknown.reason}` };
    if (error instanceof InputError) return { why: `${error.what} ${error.why}` };
    throw error;
  }
}

/** What is read; `otherwise` where it cannot be. */
export function toldOr<Value>(read: () => Value, otherwise: Value): Value {
  const found = told(read);
  return 'value' in found ? found.value : otherwise;
}

// Imported before the AI SDK: it checks every part of a stream with zod, which would compile its checks with `eval` as soon
// as they are defined, and the content security policy forbids that.
import { config } from 'zod/v4/core';

config({ jitless: true });

/* Sanitized: whether this is built with the address or the thread sanitizer, by gcc or by clang.
 * Such programs map terabytes that they never touch, and need a few system calls more than others.
 */
#ifndef SCHEDARIO_READER_SANITIZED_H
#define SCHEDARIO_READER_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif

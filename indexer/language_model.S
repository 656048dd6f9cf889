/* Puts language_model.bin (see language_model.h) into the program's read-only data. */
    .section .rodata
    .globl language_model_data
    .type language_model_data, %object
    .balign 16
language_model_data:
    .incbin "language_model.bin"
    .size language_model_data, . - language_model_data
    .section .note.GNU-stack, "", %progbits

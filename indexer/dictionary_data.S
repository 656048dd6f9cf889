/* Puts dictionary.bin (made by indexer/dictionary/; see dictionary.h) into the program's read-only
 * data. */
    .section .rodata
    .globl dictionary_data
    .globl dictionary_data_end
    .type dictionary_data, %object
dictionary_data:
    .incbin "dictionary.bin"
dictionary_data_end:
    .byte 0
    .size dictionary_data, . - dictionary_data
    .section .note.GNU-stack, "", %progbits

/* Puts thesaurus.tsv (see thesaurus.h) into the program's read-only data. */
    .section .rodata
    .globl thesaurus_data
    .type thesaurus_data, %object
    .globl thesaurus_data_end
thesaurus_data:
    .incbin "thesaurus.tsv"
thesaurus_data_end:
    .byte 0
    .size thesaurus_data, . - thesaurus_data
    .section .note.GNU-stack, "", %progbits

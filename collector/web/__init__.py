"""The desk's page: what ``siaga run`` serves where ``web:`` stands in sources.yaml.

    serving   a thread of its own       site      the application, put together
    gate      who may ask what          visitor   who asks, in which language
    desk      what pages are handed     pages/    one file per page
    words     the page in both languages

It reads through connections that only read, and writes in short transactions, as every thread does.
"""

"""Forms look the same everywhere: kit/_form.html and kit/_field.html draw `{{ form }}` and `as_field_group`."""

from django.forms.renderers import TemplatesSetting


class SangyuRenderer(TemplatesSetting):
    form_template_name = "kit/_form.html"
    field_template_name = "kit/_field.html"

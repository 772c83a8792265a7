"""Forms look the same everywhere: `{{ form }}` and `{{ form.phone.as_field_group }}` draw kit/_form.html and kit/_field.html."""

from django.forms.renderers import TemplatesSetting


class SangyuRenderer(TemplatesSetting):
    form_template_name = "kit/_form.html"
    field_template_name = "kit/_field.html"

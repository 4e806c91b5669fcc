# language: fr
Fonctionnalité: Partie 4 — le lien avec les Espaces Région VAE

  @engagement-lien-vae
  Règle: La validation des acquis commence à l'Espace Région VAE, puis va chez le certificateur

    Plan du scénario: Quel que soit le statut
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est espace-region-vae
      Et l'étape 2 est academie-dava
      Et l'agent est alerté par la règle alerte-vae-ouverte

      Exemples:
        | personne                                        |
        | demande valider-acquis                           |
        | salarié, demande valider-acquis                  |
        | demandeur d'emploi, demande valider-acquis       |
        | bénévole, demande valider-acquis                 |
        | sans diplôme, demande valider-acquis             |

    Scénario: Les universités font partie des portes pour un diplôme du supérieur
      Étant donné la personne : bac + 2, demande valider-acquis
      Quand l'agent demande vers qui l'orienter
      Alors universite-orleans-orientation est aussi proposée
      Et universite-tours-orientation est aussi proposée
      Et l'étape 3 est universite-orleans-orientation
